/** The container engine's port: what a host or a cluster can do, in terms of groups and containers. */
@NullMarked
package io.berth.engine;

import org.jspecify.annotations.NullMarked;
