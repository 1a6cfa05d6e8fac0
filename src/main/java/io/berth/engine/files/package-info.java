/** Work on a container's files from outside of it, by system calls that nothing in the container can lead astray. */
@NullMarked
package io.berth.engine.files;

import org.jspecify.annotations.NullMarked;
