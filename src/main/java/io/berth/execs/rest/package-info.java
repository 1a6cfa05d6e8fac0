/** Execs over HTTP. */
@NullMarked
package io.berth.execs.rest;

import org.jspecify.annotations.NullMarked;
