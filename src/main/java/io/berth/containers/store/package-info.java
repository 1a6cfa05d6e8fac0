/** Containers in the database. */
@NullMarked
package io.berth.containers.store;

import org.jspecify.annotations.NullMarked;
