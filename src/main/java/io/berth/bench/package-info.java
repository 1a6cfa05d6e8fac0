/** {@code ./berth bench}: a real client that measures a real server. */
@NullMarked
package io.berth.bench;

import org.jspecify.annotations.NullMarked;
