package io.berth.doctor;

import io.berth.common.ElfFile;
import io.berth.common.Subprocess;
import io.berth.engine.local.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/**
 * The programs Berth starts, each asked for its version, and those it puts into containers.
 *
 * @param runtime name or path, and so are the monitor {@code conmon} and the {@code init} of containers
 * @param busybox of which the image of that name is made
 */
record ProgramsProbe(String runtime, String conmon, String init, Path busybox) implements Probe {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private record Program(String name, String versionFlag, String packageName) {}

    private static final List<Program> TOOLS = List.of(
            new Program("ip", "-V", "iproute2"),
            new Program("nft", "--version", "nftables"),
            new Program("setpriv", "--version", "util-linux"),
            new Program("unshare", "--version", "util-linux"));

    /** Those that a server would use here. */
    static ProgramsProbe of(Config config) {
        return new ProgramsProbe(
                config.getOptionalValue("berth.engine.runtime", String.class).orElse("crun"),
                config.getOptionalValue("berth.engine.conmon", String.class).orElse("conmon"),
                config.getOptionalValue("berth.engine.init", String.class).orElse("catatonit"),
                Path.of(config.getOptionalValue("berth.images.starter-busybox", String.class)
                        .orElse("/bin/busybox")));
    }

    @Override
    public List<Finding> run() throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(ofEngine(runtime));
        findings.add(ofEngine(conmon));
        TOOLS.forEach(program -> findings.add(find(program.name(), program.name(), program)));
        findings.add(inContainers(
                init, Programs.find(init).orElse(Path.of(init)), "catatonit", "containers with 'init' cannot be made"));
        findings.add(
                inContainers("busybox", busybox, "busybox-static", "a new data directory gets no image 'busybox'"));
        return findings;
    }

    private static Finding java() {
        int version = Runtime.version().feature();
        String detail = Runtime.version() + " (" + System.getProperty("java.home") + ")";
        return version >= 25
                ? Finding.ok("java", detail)
                : Finding.warn("java", detail, "with JDK 25 or newer the server starts twice as fast");
    }

    /** Looked for where the engine looks. */
    private static Finding ofEngine(String nameOrPath) {
        String name = fileName(nameOrPath);
        String command = Programs.find(nameOrPath).map(Path::toString).orElse(nameOrPath);
        return find(name, command, new Program(nameOrPath, "--version", name));
    }

    private static Finding find(String what, String command, Program program) {
        try {
            Subprocess.Result result = Subprocess.run(DEADLINE, List.of(command, program.versionFlag()));
            String said = result.stdout().isBlank() ? result.stderr() : result.stdout();
            return Finding.ok(what, said.lines().findFirst().orElse("present").strip());
        } catch (IOException absent) {
            return Finding.missing(
                    what, program.name() + ": not found", "install the package " + program.packageName());
        }
    }

    /** Containers have no libraries for it. */
    private static Finding inContainers(String name, Path program, String packageName, String loss) throws IOException {
        String what = fileName(name);
        String remedy = "install the package " + packageName;
        if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
            return Finding.warn(what, name + ": not found; " + loss, remedy);
        }
        return ElfFile.isStatic(program)
                ? Finding.ok(what, program + ", static")
                : Finding.warn(what, program + " is not a static program; " + loss, remedy);
    }

    private static String fileName(String nameOrPath) {
        return String.valueOf(Path.of(nameOrPath).getFileName());
    }
}
