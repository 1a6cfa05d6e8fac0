package io.berth.terminal;

/**
 * One who is attached to a process, as the others see it.
 *
 * @param name of the subject, for people to read
 * @param you whether it is the client that is told
 */
record Participant(String name, Role role, boolean you) {}
