/** Tests of health checks. */
@NullMarked
package io.berth.containers.health;

import org.jspecify.annotations.NullMarked;
