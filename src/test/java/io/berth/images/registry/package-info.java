/** Tests of io.berth.images.registry. */
@NullMarked
package io.berth.images.registry;

import org.jspecify.annotations.NullMarked;
