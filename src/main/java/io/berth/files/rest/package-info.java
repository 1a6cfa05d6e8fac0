/** Files of containers over HTTP. */
@NullMarked
package io.berth.files.rest;

import org.jspecify.annotations.NullMarked;
