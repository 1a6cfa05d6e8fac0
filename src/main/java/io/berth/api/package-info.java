/** What every resource shares: problems, paging, idempotency, authentication, request ids. */
@NullMarked
package io.berth.api;

import org.jspecify.annotations.NullMarked;
