/** What happened: an outbox that changes write into, and the streams of those who follow it. */
@NullMarked
package io.berth.events;

import org.jspecify.annotations.NullMarked;
