/** The native seam: the only package that imports jnr. */
@NullMarked
package io.berth.engine.syscall;

import org.jspecify.annotations.NullMarked;
