/** Tells programs of others what happens: signed requests to where a tenant wants them, tried until they arrive. */
@NullMarked
package io.berth.webhooks;

import org.jspecify.annotations.NullMarked;
