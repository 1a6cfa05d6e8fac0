package io.berth.engine;

import io.berth.engine.EngineException.Reason;
import java.util.Set;

/** Gives out pids, and knows which commands and users there are. On the loop only. */
final class FakeProcessTable {

    private static final Set<String> USERS = Set.of("root", "nobody");

    private final FakeLoop loop;
    private int pids = 1000;

    FakeProcessTable(FakeLoop loop) {
        this.loop = loop;
    }

    /** A process that has not started yet. */
    FakeProcess spawn(ContainerConfig.ProcessConfig config, boolean pipes, FakeProcess.Surroundings surroundings) {
        FakeProgram program = FakeProgram.of(config.args())
                .orElseThrow(() -> new EngineException(
                        Reason.COMMAND_NOT_FOUND,
                        "no such command: " + config.args().get(0)));
        String user = config.user();
        if (user != null && !USERS.containsAll(Set.of(user.replaceAll(":.*", ""))) && !user.matches("\\d+(:\\d+)?")) {
            throw new EngineException(Reason.USER_NOT_FOUND, "no such user: " + user);
        }
        return new FakeProcess(loop, pids++, config, program, pipes, surroundings);
    }
}
