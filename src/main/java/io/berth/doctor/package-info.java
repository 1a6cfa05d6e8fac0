/** What the host offers, and tools that look at it without booting the server. */
@NullMarked
package io.berth.doctor;

import org.jspecify.annotations.NullMarked;
