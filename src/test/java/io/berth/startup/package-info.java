@NullMarked
package io.berth.startup;

import org.jspecify.annotations.NullMarked;
