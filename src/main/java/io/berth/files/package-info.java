/** The files of containers: looked at, read, written, moved, packed and unpacked. */
@NullMarked
package io.berth.files;

import org.jspecify.annotations.NullMarked;
