package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ResourceLimits;
import io.berth.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same walls, built by the runtime that an operator may choose instead of crun. */
@WithRuntime("runc")
@RequiresProgram("runc")
class RuncIsolationIT extends IsolationIT {

    /**
     * A runc 1.1 that was built with Go 1.19 or newer raises an exec's soft limit to the hard one, now and then: its own
     * start races with the limit being set (opencontainers/runc issue 4195). The main process has it right.
     */
    @Test
    @Override
    void limitsOpenFiles() throws IOException {
        int pid = run(config(group(ResourceLimits.UNLIMITED), ResourceLimits.UNLIMITED, SLEEP))
                .pid();
        List<String> limit = Files.readAllLines(Path.of("/proc/" + pid + "/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring("Max open files".length()).strip())
                .toList();
        assertThat(limit).singleElement().asString().startsWith("1024 ");
    }
}
