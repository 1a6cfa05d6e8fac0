@NullMarked
package io.berth.engine.runtime;

import org.jspecify.annotations.NullMarked;
