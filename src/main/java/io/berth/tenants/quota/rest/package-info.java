/** Quotas over HTTP. */
@NullMarked
package io.berth.tenants.quota.rest;

import org.jspecify.annotations.NullMarked;
