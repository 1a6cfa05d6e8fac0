/** The audit's chain in the database. */
@NullMarked
package io.berth.audit.store;

import org.jspecify.annotations.NullMarked;
