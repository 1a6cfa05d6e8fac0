/** Events over HTTP. */
@NullMarked
package io.berth.events.rest;

import org.jspecify.annotations.NullMarked;
