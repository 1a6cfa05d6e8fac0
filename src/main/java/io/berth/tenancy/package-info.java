/** The life of tenants: made, changed, suspended, resumed, deleted with everything of theirs. */
@NullMarked
package io.berth.tenancy;

import org.jspecify.annotations.NullMarked;
