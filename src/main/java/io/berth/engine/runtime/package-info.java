/** The OCI runtime (crun or runc) and its monitor, conmon. */
@NullMarked
package io.berth.engine.runtime;

import org.jspecify.annotations.NullMarked;
