@NullMarked
package io.berth.secrets;

import org.jspecify.annotations.NullMarked;
