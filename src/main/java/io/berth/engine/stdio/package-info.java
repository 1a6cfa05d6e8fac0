/** Streams of containers: the event loop, conmon's attach sockets and log files. */
@NullMarked
package io.berth.engine.stdio;

import org.jspecify.annotations.NullMarked;
