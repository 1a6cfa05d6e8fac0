/** Settings that are unsafe in production, found before the server starts; also by the doctor, which needs no server. */
@NullMarked
package io.berth.startup;

import org.jspecify.annotations.NullMarked;
