@NullMarked
package io.berth.execs;

import org.jspecify.annotations.NullMarked;
