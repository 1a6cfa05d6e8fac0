/** Long work a client can poll, wait for, cancel. */
@NullMarked
package io.berth.operations;

import org.jspecify.annotations.NullMarked;
