/** The packaged server as a process of its own, used over HTTP and WebSocket only. */
@NullMarked
package io.berth.e2e;

import org.jspecify.annotations.NullMarked;
