/** Images over HTTP. */
@NullMarked
package io.berth.images.rest;

import org.jspecify.annotations.NullMarked;
