/** Tools for tests. */
@NullMarked
package io.berth.testing;

import org.jspecify.annotations.NullMarked;
