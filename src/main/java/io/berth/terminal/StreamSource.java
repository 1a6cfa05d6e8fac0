package io.berth.terminal;

import io.berth.engine.ProcessStream;
import java.util.function.Supplier;

/**
 * Where a process's streams come from.
 *
 * @param connect opens them; may block
 * @param keptByEngine whether the output is kept while nobody reads, and can be connected to again and again
 */
record StreamSource(StreamTarget target, Supplier<ProcessStream> connect, boolean keptByEngine) {}
