/** The disk of the data directory: what is kept free of it, and what becomes of requests when it is full. */
@NullMarked
package io.berth.disk;

import org.jspecify.annotations.NullMarked;
