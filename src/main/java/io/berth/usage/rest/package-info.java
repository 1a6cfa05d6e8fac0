/** Usage over HTTP. */
@NullMarked
package io.berth.usage.rest;

import org.jspecify.annotations.NullMarked;
