/** Quotas in the database. */
@NullMarked
package io.berth.tenants.quota.store;

import org.jspecify.annotations.NullMarked;
