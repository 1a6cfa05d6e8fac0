/** What this server is and runs on; who the caller is, and the tenants it may see. */
@NullMarked
package io.berth.system;

import org.jspecify.annotations.NullMarked;
