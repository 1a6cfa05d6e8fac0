/** The embedded PostgreSQL: used when no other database is configured. */
@NullMarked
package io.berth.database;

import org.jspecify.annotations.NullMarked;
