package io.berth.doctor;

import java.io.IOException;
import java.util.List;

/** Tries one thing on the host, and leaves nothing behind. Blocks for some milliseconds. */
@FunctionalInterface
interface Probe {
    List<Finding> run() throws IOException;
}
