/** Tests of io.berth.images.content. */
@NullMarked
package io.berth.images.content;

import org.jspecify.annotations.NullMarked;
