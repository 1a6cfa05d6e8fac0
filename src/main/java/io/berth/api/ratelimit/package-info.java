/** How many requests tenants, tokens and strangers may make. */
@NullMarked
package io.berth.api.ratelimit;

import org.jspecify.annotations.NullMarked;
