/** Health checks: commands that are run in containers to tell whether they do their work. */
@NullMarked
package io.berth.containers.health;

import org.jspecify.annotations.NullMarked;
