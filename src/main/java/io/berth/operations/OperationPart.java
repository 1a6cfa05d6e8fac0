package io.berth.operations;

import org.jspecify.annotations.Nullable;

/**
 * How far one part of an operation is, such as one layer of a pull.
 *
 * @param name what it is, unique in its operation
 * @param message what is done to it now
 * @param done how much of {@code total} is done, in bytes or steps
 */
public record OperationPart(String name, @Nullable String message, long done, long total) {}
