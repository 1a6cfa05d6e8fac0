/** Operations in the database. */
@NullMarked
package io.berth.operations.store;

import org.jspecify.annotations.NullMarked;
