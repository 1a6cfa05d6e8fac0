/** Images out of archives: docker's, OCI's, and plain root file systems. */
@NullMarked
package io.berth.images.archive;

import org.jspecify.annotations.NullMarked;
