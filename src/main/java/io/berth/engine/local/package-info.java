/** The engine for one Linux machine. */
@NullMarked
package io.berth.engine.local;

import org.jspecify.annotations.NullMarked;
