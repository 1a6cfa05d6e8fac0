/** Network namespaces, bridges, firewall. */
@NullMarked
package io.berth.engine.netns;

import org.jspecify.annotations.NullMarked;
