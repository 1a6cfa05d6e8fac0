/** Strict JSON, merge patches, sizes and durations. */
@NullMarked
package io.berth.api.json;

import org.jspecify.annotations.NullMarked;
