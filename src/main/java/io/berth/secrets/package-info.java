/** Secrets at rest: sealed with a key that is in a file of the data directory and never in the database. */
@NullMarked
package io.berth.secrets;

import org.jspecify.annotations.NullMarked;
