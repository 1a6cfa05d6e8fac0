/** Execs: further processes in running containers, run to their end or attached to over WebSocket. */
@NullMarked
package io.berth.execs;

import org.jspecify.annotations.NullMarked;
