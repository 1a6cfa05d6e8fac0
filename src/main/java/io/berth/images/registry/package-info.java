/** The client side of the OCI distribution specification. */
@NullMarked
package io.berth.images.registry;

import org.jspecify.annotations.NullMarked;
