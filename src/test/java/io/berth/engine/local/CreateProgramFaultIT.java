package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.testing.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real conmon, crun and runc behind scripts that have them go wrong in the way a file names. */
@KernelTest
class CreateProgramFaultIT {

    private static final String CRUN = """
            case "$wrong $*" in
              fails*" create "*) echo 'told to fail' >&2; exit 1 ;;
              hangs*" create "*) exec sh -c 'while sleep 1; do :; done' crun "$@" ;;
              repents*" create "*) /usr/bin/crun "$@"; exit 1 ;;
              unfiltered*" create "*)
                for id; do :; done
                /usr/bin/crun "$@" && rm "$2/$id/seccomp.bpf"; exit ;;
            esac
            exec /usr/bin/crun "$@"
            """;
    private static final String RUNC = """
            case "$wrong $*" in
              fails*" start "*) echo 'told to fail' >&2; exit 1 ;;
            esac
            exec /usr/sbin/runc "$@"
            """;
    /** Descriptor 3 is where it reports; whoever does not, or whose runtime hangs, has it closed at least. */
    private static final String CONMON = """
            case "$wrong" in
              exits) exit 1 ;;
              babbles) echo '{' >&3; exit 0 ;;
              silent | hangs) exec /usr/bin/conmon "$@" 3>/dev/null ;;
            esac
            exec /usr/bin/conmon "$@"
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"fails", "hangs", "repents", "unfiltered", "exits", "babbles", "silent"})
    void leavesNothingWhenAProgramGoesWrong(String how) throws IOException {
        try (FaultyHost host = host("crun", CRUN)) {
            host.createAndDelete();
            Files.writeString(wrong(), how);
            assertThat(host.tryToCreate(host.next()))
                    .hasValueSatisfying(failed -> assertThat(failed.reason()).isEqualTo(Reason.INTERNAL));
            Files.delete(wrong());
            host.createAndDelete();
        }
    }

    @Test
    void aStartThatFailedCanBeTriedAgain() throws IOException {
        try (FaultyHost host = host("runc", RUNC)) {
            ContainerId id = host.next();
            host.engine().create(host.config(id));
            Files.writeString(wrong(), "fails");
            assertThatThrownBy(() -> host.engine().start(id))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("told to fail");
            assertThat(host.engine().status(id).orElseThrow()).isInstanceOf(ContainerStatus.Created.class);
            Files.delete(wrong());
            host.engine().start(id);
            assertThat(host.engine().status(id).orElseThrow()).isInstanceOf(ContainerStatus.Running.class);
            host.engine().delete(id);
            host.assertNothingIsLeft(id);
        }
    }

    @Test
    void aContainerThatCannotBeStartedCanBeDeleted() throws IOException {
        try (FaultyHost host = host("crun", CRUN)) {
            ContainerId id = host.next();
            host.engine().create(host.config(id));
            Path mark = host.host.bundle(id).resolve("started");
            Files.createDirectories(mark.resolve("in-the-way"));
            assertThatThrownBy(() -> host.engine().start(id)).isInstanceOf(EngineException.class);
            assertThat(host.engine().status(id).orElseThrow()).isInstanceOf(ContainerStatus.Created.class);
            Trees.remove(mark);

            Files.delete(host.host.layout.runDir().resolve("oci/" + id + "/exec.fifo"));
            assertThatThrownBy(() -> host.engine().start(id))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            failed -> assertThat(failed.reason()).isEqualTo(Reason.WRONG_STATE));
            host.engine().delete(id);
            host.assertNothingIsLeft(id);
        }
    }

    private FaultyHost host(String runtime, String script) throws IOException {
        return new FaultyHost(
                new JnrSyscalls(), Optional.of(program(runtime, script)), Optional.of(program("conmon", CONMON)));
    }

    private Path wrong() {
        return directory.resolve("wrong");
    }

    private Path program(String name, String script) throws IOException {
        Path program = directory.resolve(name);
        Files.writeString(program, "#!/bin/sh\nwrong=$(cat " + wrong() + " 2>/dev/null)\n" + script);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
