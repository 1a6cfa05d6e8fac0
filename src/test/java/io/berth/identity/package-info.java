/** Tests of {@link io.berth.identity}. */
@NullMarked
package io.berth.identity;

import org.jspecify.annotations.NullMarked;
