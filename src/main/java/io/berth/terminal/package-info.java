/** The standard streams of processes over WebSocket: to programs, to Kubernetes clients and to browsers. */
@NullMarked
package io.berth.terminal;

import org.jspecify.annotations.NullMarked;
