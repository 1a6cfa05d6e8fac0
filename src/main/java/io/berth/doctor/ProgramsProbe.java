package io.berth.doctor;

import io.berth.common.Subprocess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The programs Berth starts, each asked for its version. */
record ProgramsProbe() implements Probe {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private record Program(String name, String versionFlag, String packageName, boolean needed) {}

    private static final List<Program> PROGRAMS = List.of(
            new Program("crun", "--version", "crun", true),
            new Program("conmon", "--version", "conmon", true),
            new Program("ip", "-V", "iproute2", true),
            new Program("nft", "--version", "nftables", true),
            new Program("setpriv", "--version", "util-linux", true),
            new Program("unshare", "--version", "util-linux", true),
            new Program("runc", "--version", "runc", false),
            new Program("busybox", "--help", "busybox-static", false));

    @Override
    public List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        PROGRAMS.forEach(program -> findings.add(find(program)));
        return findings;
    }

    private static Finding java() {
        int version = Runtime.version().feature();
        String detail = Runtime.version() + " (" + System.getProperty("java.home") + ")";
        return version >= 25
                ? Finding.ok("java", detail)
                : Finding.warn("java", detail, "with JDK 25 or newer the server starts twice as fast");
    }

    private static Finding find(Program program) {
        try {
            Subprocess.Result result = Subprocess.run(DEADLINE, List.of(program.name(), program.versionFlag()));
            String said = result.stdout().isBlank() ? result.stderr() : result.stdout();
            return Finding.ok(
                    program.name(), said.lines().findFirst().orElse("present").strip());
        } catch (IOException absent) {
            String remedy = "install the package " + program.packageName();
            return program.needed()
                    ? Finding.missing(program.name(), "not found", remedy)
                    : Finding.warn(program.name(), "not found; " + lossOf(program.name()), remedy);
        }
    }

    private static String lossOf(String program) {
        return program.equals("runc")
                ? "only crun can be used"
                : "the image 'busybox' and 'init' of containers are not available";
    }
}
