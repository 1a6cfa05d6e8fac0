/** Bodies of requests: received before a thread is taken, within a time and a memory; those that are streamed at a least rate. */
@NullMarked
package io.berth.api.body;

import org.jspecify.annotations.NullMarked;
