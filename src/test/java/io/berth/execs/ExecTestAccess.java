package io.berth.execs;

import io.berth.containers.ContainerActivity;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerEngine;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import java.time.Clock;

/** Makes this package's services for tests of others. */
public final class ExecTestAccess {

    /** Lets every exec in. */
    static final ExecAdmission UNLIMITED = new ExecAdmission() {
        @Override
        public Place take(ContainerHandle container, ExecId exec) {
            return () -> {};
        }

        @Override
        public RuntimeException explain(ContainerHandle container, EngineException failure) {
            return failure;
        }
    };

    private ExecTestAccess() {}

    public static ExecService service(ContainerEngine engine, ExecConfig config) {
        Clock clock = Clock.systemUTC();
        return new ExecService(
                engine, UNLIMITED, config, (container, exec, tty, exit) -> {}, new ContainerActivity(clock), clock);
    }

    public static void close(ExecService service) {
        service.close();
    }
}
