/** Serves the web console that {@code web-ui} is built into. */
@NullMarked
package io.berth.console;

import org.jspecify.annotations.NullMarked;
