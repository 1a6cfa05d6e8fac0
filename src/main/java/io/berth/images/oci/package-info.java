/** Records for the JSON of the OCI image specification. */
@NullMarked
package io.berth.images.oci;

import org.jspecify.annotations.NullMarked;
