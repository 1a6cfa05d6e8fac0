/** Control groups, v2 and v1: limits and usage. */
@NullMarked
package io.berth.engine.cgroup;

import org.jspecify.annotations.NullMarked;
