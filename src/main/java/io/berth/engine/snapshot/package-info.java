/** Root file systems: shared read-only layers under a writable one. */
@NullMarked
package io.berth.engine.snapshot;

import org.jspecify.annotations.NullMarked;
