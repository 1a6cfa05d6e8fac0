/** Containers: specification, states, the service that makes the host agree with the database. */
@NullMarked
package io.berth.containers;

import org.jspecify.annotations.NullMarked;
