/** Registry credentials in the database, sealed. */
@NullMarked
package io.berth.images.credentials.store;

import org.jspecify.annotations.NullMarked;
