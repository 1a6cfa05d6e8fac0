/** Tests of io.berth.images. */
@NullMarked
package io.berth.images;

import org.jspecify.annotations.NullMarked;
