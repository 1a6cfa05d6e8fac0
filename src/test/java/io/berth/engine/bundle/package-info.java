@NullMarked
package io.berth.engine.bundle;

import org.jspecify.annotations.NullMarked;
