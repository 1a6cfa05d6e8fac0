@NullMarked
package io.berth.audit;

import org.jspecify.annotations.NullMarked;
