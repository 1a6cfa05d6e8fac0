/** Tenants: who owns things. Known to all features, knows none. */
@NullMarked
package io.berth.tenants;

import org.jspecify.annotations.NullMarked;
