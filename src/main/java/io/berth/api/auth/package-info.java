/** Who calls, and what they may do. */
@NullMarked
package io.berth.api.auth;

import org.jspecify.annotations.NullMarked;
