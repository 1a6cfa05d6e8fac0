/** References of tenants in the database. */
@NullMarked
package io.berth.images.store;

import org.jspecify.annotations.NullMarked;
