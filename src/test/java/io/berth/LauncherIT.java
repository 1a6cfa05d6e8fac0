package io.berth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.common.Directories;
import io.berth.testing.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code berth}, in a copy beside a built application. What it finds on its search path is what it says it needs, and
 * stand-ins that write down how they were called: nothing is installed, built or served.
 */
class LauncherIT {

    private static final List<String> NEEDED = List.of(
            "bash",
            "env",
            "awk",
            "cat",
            "chmod",
            "dirname",
            "find",
            "grep",
            "head",
            "mkdir",
            "mktemp",
            "readlink",
            "rm",
            "sed",
            "shuf",
            "sleep",
            "sort",
            "stat",
            "tail",
            "touch");
    private static final List<String> HOST_PROGRAMS =
            List.of("crun", "conmon", "ip", "nft", "busybox", "catatonit", "setpriv");
    private static final String NOTE_CALL = "#!/bin/bash\necho \"$0 $*\" >>\"$CALLS\"\n";

    @TempDir
    Path directory;

    private Path programs;
    private Path calls;
    private Path launcher;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void copy() throws IOException {
        programs = Files.createDirectory(directory.resolve("bin"));
        for (String program : NEEDED) {
            Files.createSymbolicLink(programs.resolve(program), Path.of("/usr/bin", program));
        }
        calls = Files.createFile(directory.resolve("calls"));
        launcher = Files.createDirectory(directory.resolve("berth")).resolve("berth");
        Files.copy(Path.of("berth"), launcher);
        Path app = Files.createDirectories(launcher.resolveSibling("target/quarkus-app"));
        Files.createFile(app.resolve("quarkus-run.jar"));
        userIs(0);
        standIn("apt-get", "");
        standIn("apt-cache", "");
        standIn("mvn", "");
        for (String program : HOST_PROGRAMS) {
            standIn(program, "");
        }
    }

    /** The links in it are not for others to follow. */
    @AfterEach
    void removeLinks() throws IOException {
        Directories.deleteRecursively(programs);
    }

    @Test
    void helpsAndSaysWhatIsNoCommand() throws Exception {
        for (String[] asked : List.of(
                new String[] {}, new String[] {"help"}, new String[] {"--help"}, new String[] {"serve", "--help"})) {
            Result help = run(asked);
            assertThat(help.code()).isZero();
            assertThat(help.out()).startsWith("usage: ./berth COMMAND").contains("serve", "doctor", "bench", "cleanup");
            assertThat(help.err()).isEmpty();
        }
        Result unknown = run("sevre");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).contains("usage: ./berth COMMAND").endsWith("berth: no such command: sevre\n");
        assertThat(calls).isEmptyFile();
    }

    @Test
    void refusesWhatItDoesNotKnowAndOptionsWithoutTheirValues() throws Exception {
        refuses("serve knows no '--prot' (./berth help)", "serve", "--prot", "1");
        refuses("test knows no '--quick' (./berth help)", "test", "--quick");
        refuses("--data-dir needs a value (./berth help)", "serve", "--data-dir");
        refuses("--http-port needs a value (./berth help)", "serve", "--http-port", "");
        refuses("--data-dir needs a value (./berth help)", "serve", "--data-dir", "--no-install");
        refuses("which data directory? ./berth cleanup --data-dir DIR", "cleanup");
        refuses("--data-dir needs a value (./berth help)", "cleanup", "--data-dir");
        userIs(1000);
        refuses("the server makes containers, which takes root: sudo ./berth serve", "serve");
        refuses("cleanup takes root", "cleanup", "--data-dir", "/nowhere");
        assertThat(calls).isEmptyFile();
    }

    @Test
    void takesTheNewestJava() throws Exception {
        Path newest = java("jdk-99", "99.0.1");
        onPath(java("jdk-98", "98"));
        assertThat(run(Map.of("JAVA_HOME", newest.toString()), "serve").code()).isZero();
        assertThat(served()).startsWith(newest + "/bin/java ").contains(" -XX:+UseCompactObjectHeaders ");
        onPath(java("jdk-100", "100"));
        assertThat(run(Map.of("JAVA_HOME", newest.toString()), "serve").code()).isZero();
        assertThat(served()).startsWith(directory.resolve("jdk-100") + "/bin/java ");
    }

    @Test
    void takesTheJavaItIsTold() throws Exception {
        onPath(java("jdk-99", "99"));
        Path told = java("jdk-17", "17.0.9");
        Result served = run(
                Map.of("BERTH_JAVA_HOME", told.toString(), "BERTH_JAVA_OPTS", "-Xmx1g -Done=1"),
                "serve",
                "--data-dir",
                "/data",
                "--http-host",
                "::1",
                "--http-port",
                "81",
                "--stop-containers");
        assertThat(served.code()).isZero();
        assertThat(served()).startsWith(told + "/bin/java ").contains(" -Xmx1g -Done=1 -jar " + jar());
        assertThat(served.out()).endsWith("/data ::1 81 true\n");
        String old = java("jdk-11", "11.0.2").toString();
        for (String home : List.of(old, "/nowhere")) {
            Result refused = run(Map.of("BERTH_JAVA_HOME", home), "serve");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .isEqualTo("berth: BERTH_JAVA_HOME is " + home + ": no Java of 17 or newer is there\n");
        }
    }

    @Test
    @RequiresRoot
    void saysThatThereIsNoJava() throws Exception {
        onPath(java("jdk-11", "11.0.2"));
        Result served = finish(start(
                Map.of(),
                "/usr/bin/unshare",
                "--mount",
                "/bin/sh",
                "-c",
                "/usr/bin/mount -t tmpfs tmpfs /usr/lib/jvm && exec " + launcher + " serve --no-install"));
        assertThat(served.code()).isEqualTo(1);
        assertThat(served.err())
                .isEqualTo("berth: missing programs: jdk; packages: openjdk-17-jdk-headless\n"
                        + "berth: no Java of 17 or newer found\n");
        assertThat(calls).content().doesNotContain("apt-get", "mvn", "bin/java");
    }

    @Test
    void onlyNamesMissingPackagesWhenTold() throws Exception {
        onPath(java("jdk-99", "99"));
        removePrograms("crun", "ip", "busybox");
        Result served = run("serve", "--no-install");
        assertThat(served.code()).isZero();
        assertThat(served.err())
                .contains("berth: missing programs: crun ip busybox; packages: busybox-static crun iproute2\n")
                .contains("trying to start all the same");
        Result tested = run("test", "--no-install");
        assertThat(tested.code()).isEqualTo(1);
        assertThat(tested.err()).contains("mmdebstrap").endsWith("berth: the tests need these packages\n");
        assertThat(calls).content().doesNotContain("apt-get", "mvn");
    }

    @Test
    void installsMissingPackagesAsRoot() throws Exception {
        onPath(java("jdk-99", "99"));
        removePrograms("conmon", "nft");
        assertThat(run("serve").err()).contains("berth: installing conmon nftables\n");
        assertThat(calls)
                .content()
                .contains("apt-get -qq update\n")
                .containsPattern("apt-get .*install -y .* conmon nftables\n");
        userIs(1000);
        Files.writeString(calls, "");
        assertThat(run("test").err()).contains("missing programs: ").endsWith("berth: the tests need these packages\n");
        assertThat(calls).isEmptyFile();
    }

    @Test
    void runsByALinkAndFromAnotherDirectory() throws Exception {
        onPath(java("jdk-99", "99"));
        Path link = Files.createSymbolicLink(programs.resolve("linked"), launcher);
        assertThat(finish(start(Map.of(), link.toString(), "serve")).code()).isZero();
        assertThat(served()).endsWith(" -jar " + jar());
        assertThat(finish(start(Map.of(), link.toString(), "doctor", "--data-dir", "here"))
                        .code())
                .isZero();
        assertThat(served()).endsWith(" -cp " + jar() + " io.berth.doctor.DoctorMain --data-dir here");
    }

    @Test
    void endsWithTheServerAndTheServerWithIt() throws Exception {
        onPath(java("jdk-99", "99", "case \"$*\" in *AOTCacheOutput*) ;; *-jar*) exec sleep 100 ;; esac\n"));
        endsAtOnce(start(Map.of(), launcher.toString(), "serve"));
        onPath(java("jdk-100", "100", "case \"$*\" in *BenchMain*) exec sleep 100 ;; esac\n"));
        endsAtOnce(start(Map.of(), launcher.toString(), "bench"));
        onPath(java("jdk-101", "101", "exit 7\n"));
        assertThat(run("serve").code()).isEqualTo(7);
        assertThat(run("audit", "verify").code()).isEqualTo(7);
    }

    @Test
    void leavesNothingWhenItIsEndedWhileItMakesTheStartUpCache() throws Exception {
        onPath(java("jdk-99", "99", "case \"$*\" in *AOTCacheOutput*) exec sleep 100 ;; esac\n"));
        Path data = Files.createDirectory(directory.resolve("tmp"));
        endsAtOnce(start(Map.of("TMPDIR", data.toString()), launcher.toString(), "serve"));
        assertThat(data).isEmptyDirectory();
        assertThat(served()).contains(" io.berth.doctor.CleanupMain --data-dir " + data);
    }

    /** Once the stand-in sleeps: ends the launcher as a service manager does, and sees that all it started ends, too. */
    private static void endsAtOnce(Process process) throws Exception {
        ProcessHandle sleeping = await().until(() -> asleep(process.toHandle()), Objects::nonNull);
        try {
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
            await().until(() -> !sleeping.isAlive());
        } finally {
            sleeping.destroyForcibly();
        }
    }

    private static @Nullable ProcessHandle asleep(ProcessHandle process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process);
        return all.stream()
                .filter(one ->
                        List.of(one.info().arguments().orElse(new String[0])).contains("100"))
                .findFirst()
                .orElse(null);
    }

    private void refuses(String why, String... arguments) throws Exception {
        Result refused = run(arguments);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).isEqualTo("berth: " + why + "\n");
    }

    private Path jar() {
        return launcher.resolveSibling("target/quarkus-app/quarkus-run.jar");
    }

    /** How Java was called last. */
    private String served() throws IOException {
        List<String> java = Files.readAllLines(calls).stream()
                .filter(line -> line.contains("/bin/java "))
                .toList();
        return java.get(java.size() - 1);
    }

    private void userIs(int id) throws IOException {
        write(programs.resolve("id"), "#!/bin/bash\necho " + id + "\n");
    }

    private void standIn(String program, String script) throws IOException {
        write(programs.resolve(program), NOTE_CALL + script);
    }

    private void removePrograms(String... names) throws IOException {
        for (String name : names) {
            Files.delete(programs.resolve(name));
        }
    }

    private Path java(String name, String version) throws IOException {
        return java(
                name, version, "echo \"$BERTH_DATA_DIR $BERTH_HTTP_HOST $BERTH_HTTP_PORT $BERTH_STOP_CONTAINERS\"\n");
    }

    private Path java(String name, String version, String script) throws IOException {
        Path home = directory.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        write(home.resolve("bin/java"), NOTE_CALL + script);
        write(home.resolve("bin/javac"), NOTE_CALL);
        return home;
    }

    private void onPath(Path home) throws IOException {
        Files.deleteIfExists(programs.resolve("java"));
        Files.createSymbolicLink(programs.resolve("java"), home.resolve("bin/java"));
    }

    private static void write(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result run(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    private Result run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return finish(start(environment, command.toArray(String[]::new)));
    }

    private Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        builder.environment().put("CALLS", calls.toString());
        builder.environment().put("TMPDIR", directory.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Result finish(Process process) throws Exception {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("the launcher did not end");
        }
        return new Result(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }
}
