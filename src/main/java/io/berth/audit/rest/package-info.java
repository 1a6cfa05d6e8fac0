/** The audit over HTTP, and the audit of HTTP. */
@NullMarked
package io.berth.audit.rest;

import org.jspecify.annotations.NullMarked;
