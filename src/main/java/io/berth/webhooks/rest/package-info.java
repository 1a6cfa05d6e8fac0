/** Webhooks over HTTP. */
@NullMarked
package io.berth.webhooks.rest;

import org.jspecify.annotations.NullMarked;
