/** Tests of io.berth.images.archive. */
@NullMarked
package io.berth.images.archive;

import org.jspecify.annotations.NullMarked;
