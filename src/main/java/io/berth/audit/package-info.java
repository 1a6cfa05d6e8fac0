/**
 * Who did what, on what, from where, and what came of it: an append-only chain of hashes. Features that do something no HTTP
 * request asked for record it by {@link io.berth.audit.AuditLog}; changes over HTTP are recorded for them.
 */
@NullMarked
package io.berth.audit;

import org.jspecify.annotations.NullMarked;
