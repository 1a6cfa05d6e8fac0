@NullMarked
package io.berth.console;

import org.jspecify.annotations.NullMarked;
