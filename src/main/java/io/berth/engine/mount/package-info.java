/** The kernel's mount table: reading it, and making a directory propagate its mounts. */
@NullMarked
package io.berth.engine.mount;

import org.jspecify.annotations.NullMarked;
