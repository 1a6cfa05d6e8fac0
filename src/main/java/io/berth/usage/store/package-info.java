/** Metered usage in the database. */
@NullMarked
package io.berth.usage.store;

import org.jspecify.annotations.NullMarked;
