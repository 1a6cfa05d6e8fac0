/** The engine's contract, and an engine in memory that keeps it. */
@NullMarked
package io.berth.engine;

import org.jspecify.annotations.NullMarked;
