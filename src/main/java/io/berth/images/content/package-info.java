/** The content store: blobs by digest, layers unpacked once. */
@NullMarked
package io.berth.images.content;

import org.jspecify.annotations.NullMarked;
