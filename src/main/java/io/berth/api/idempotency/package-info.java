/** Idempotency-Key: a request that creates can be repeated without creating twice. */
@NullMarked
package io.berth.api.idempotency;

import org.jspecify.annotations.NullMarked;
