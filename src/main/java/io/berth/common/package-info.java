/** Value types and tools that know no feature. */
@NullMarked
package io.berth.common;

import org.jspecify.annotations.NullMarked;
