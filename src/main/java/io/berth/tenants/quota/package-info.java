/** What a tenant may use: the table of resources, admission, and the service that keeps quotas. Knows no feature. */
@NullMarked
package io.berth.tenants.quota;

import org.jspecify.annotations.NullMarked;
