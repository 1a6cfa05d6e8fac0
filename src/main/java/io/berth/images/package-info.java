/** Images: references, configuration, the service above the content store. */
@NullMarked
package io.berth.images;

import org.jspecify.annotations.NullMarked;
