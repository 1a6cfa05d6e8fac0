@NullMarked
package io.berth.terminal;

import org.jspecify.annotations.NullMarked;
