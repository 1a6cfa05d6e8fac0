/** The OCI bundle: config.json, seccomp, capabilities, users. */
@NullMarked
package io.berth.engine.bundle;

import org.jspecify.annotations.NullMarked;
