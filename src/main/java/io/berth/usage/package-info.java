/** What tenants use: metered over time from the counters of their containers' cgroups, and as it is now. */
@NullMarked
package io.berth.usage;

import org.jspecify.annotations.NullMarked;
