/** Tickets for streams over HTTP. */
@NullMarked
package io.berth.terminal.rest;

import org.jspecify.annotations.NullMarked;
