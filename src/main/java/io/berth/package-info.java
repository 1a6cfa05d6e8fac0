/** Berth: containers as a service. */
@NullMarked
package io.berth;

import org.jspecify.annotations.NullMarked;
