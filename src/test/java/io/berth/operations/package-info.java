/** Tests of io.berth.operations. */
@NullMarked
package io.berth.operations;

import org.jspecify.annotations.NullMarked;
