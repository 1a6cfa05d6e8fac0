/** Tokens, users, members and sessions over HTTP. */
@NullMarked
package io.berth.identity.rest;

import org.jspecify.annotations.NullMarked;
