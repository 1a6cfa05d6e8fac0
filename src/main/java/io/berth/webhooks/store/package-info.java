/** Webhooks and their deliveries in the database. */
@NullMarked
package io.berth.webhooks.store;

import org.jspecify.annotations.NullMarked;
