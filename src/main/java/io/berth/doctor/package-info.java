/** Tools that look at the host without booting the server. */
@NullMarked
package io.berth.doctor;

import org.jspecify.annotations.NullMarked;
