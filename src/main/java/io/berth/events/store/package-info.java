/** Events in the database. */
@NullMarked
package io.berth.events.store;

import org.jspecify.annotations.NullMarked;
