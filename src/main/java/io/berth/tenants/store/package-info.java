/** Tenants in the database. */
@NullMarked
package io.berth.tenants.store;

import org.jspecify.annotations.NullMarked;
