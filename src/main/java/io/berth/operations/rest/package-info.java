/** Operations over HTTP. */
@NullMarked
package io.berth.operations.rest;

import org.jspecify.annotations.NullMarked;
