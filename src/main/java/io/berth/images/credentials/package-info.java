/** What a tenant signs in with at registries. */
@NullMarked
package io.berth.images.credentials;

import org.jspecify.annotations.NullMarked;
