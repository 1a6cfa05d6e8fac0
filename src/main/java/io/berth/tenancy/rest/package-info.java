/** Tenants over HTTP. */
@NullMarked
package io.berth.tenancy.rest;

import org.jspecify.annotations.NullMarked;
