/** The contract, {@code openapi.yaml}, against what is served and what goes over the wire. */
@NullMarked
package io.berth.contract;

import org.jspecify.annotations.NullMarked;
