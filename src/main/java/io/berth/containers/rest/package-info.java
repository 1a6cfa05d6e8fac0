/** Containers over HTTP. */
@NullMarked
package io.berth.containers.rest;

import org.jspecify.annotations.NullMarked;
