/** What surrounds every request: ids, order of filters, bounds. */
@NullMarked
package io.berth.api.http;

import org.jspecify.annotations.NullMarked;
