package io.berth.engine;

/** Which of a process's output streams bytes came from. A terminal has stdout only. */
public enum OutputStreamKind {
    STDOUT,
    STDERR
}
