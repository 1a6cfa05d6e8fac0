/** Who somebody is: users, API tokens, sessions, and the identity provider's word. What they may do is {@code api.auth}'s. */
@NullMarked
package io.berth.identity;

import org.jspecify.annotations.NullMarked;
