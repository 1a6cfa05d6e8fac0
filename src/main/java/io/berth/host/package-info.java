/** The host this server runs on: its configuration, and the engine made for it. */
@NullMarked
package io.berth.host;

import org.jspecify.annotations.NullMarked;
