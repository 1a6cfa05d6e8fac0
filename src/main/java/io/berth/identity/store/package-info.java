/** API tokens, by their hash. */
@NullMarked
package io.berth.identity.store;

import org.jspecify.annotations.NullMarked;
