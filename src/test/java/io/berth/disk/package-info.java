@NullMarked
package io.berth.disk;

import org.jspecify.annotations.NullMarked;
