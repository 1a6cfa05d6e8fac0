/** Failures as RFC 9457 problem documents. */
@NullMarked
package io.berth.api.problem;

import org.jspecify.annotations.NullMarked;
