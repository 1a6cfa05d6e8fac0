package io.berth.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./berth bench}: measures a server as its clients see it, beside the bare runtime, and Docker where there is
 * one.
 */
public final class BenchMain {

    private static final String BERTH = "berth";
    private static final String DOCKER = "docker";
    private static final int IDLE_CONTAINERS = 100;
    private static final int RESTARTS = 5;

    private final Options options;
    private final List<Row> rows = new ArrayList<>();

    private BenchMain(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) {
        if (List.of(arguments).stream().anyMatch(List.of("--help", "-h", "help")::contains)) {
            System.out.println(Options.USAGE);
            return;
        }
        try {
            new BenchMain(Options.parse(arguments)).run();
        } catch (IllegalArgumentException e) {
            System.err.println("berth: " + e.getMessage());
            System.exit(2);
        } catch (Exception e) {
            System.err.println("berth: the benchmark failed: " + e);
            System.exit(1);
        }
    }

    private void run() throws Exception {
        if (!options.json()) {
            System.out.println(Row.header());
        }
        if (options.url() != null) {
            measure(new Api(options.url(), token(Objects.requireNonNull(options.tokenFile()))), null);
        } else {
            String launcher = System.getenv("BERTH_LAUNCHER");
            if (launcher == null) {
                throw new IllegalArgumentException("start it by ./berth bench, or name a server: --url, --token-file");
            }
            try (OwnServer server = OwnServer.start(Path.of(launcher))) {
                measure(new Api(server.url(), token(server.tokenFile())), server);
            }
        }
        if (options.json()) {
            System.out.println(
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
        }
    }

    private void measure(Api api, @Nullable OwnServer server) throws Exception {
        Areas areas = new Areas(api, options.runs());
        Optional<Docker> docker = docker();
        if (options.wants("ready") && server != null) {
            ready(server);
        }
        if (options.wants("create")) {
            add(Row.of("create", "create to running, with network", BERTH, areas.createToRunning()));
            add(Row.of("create", "crun run, no network", "floor", Floor.crunRun(options.runs())));
            if (docker.isPresent()) {
                add(Row.of(
                        "create",
                        "create to running, with network",
                        DOCKER,
                        docker.get().createToRunning(20)));
            }
        }
        if (options.wants("phases")) {
            phases("create: ", new Phases(api, options.runs()).ofCreate());
            phases("read: ", new Phases(api, options.runs() * 5).ofRead());
        }
        if (options.wants("exec")) {
            add(Row.of("exec", "command to its end", BERTH, areas.exec()));
            if (docker.isPresent()) {
                add(Row.of("exec", "command to its end", DOCKER, docker.get().exec(50)));
            }
        }
        if (options.wants("echo")) {
            add(Row.of("echo", "keystroke to echo, over a WebSocket", BERTH, areas.echo()));
            if (docker.isPresent()) {
                add(Row.of(
                        "echo",
                        "keystroke to echo, over a hijacked stream",
                        DOCKER,
                        docker.get().echo(500)));
            }
        }
        if (options.wants("stdout")) {
            add(Row.of(
                    "stdout",
                    "main process, through conmon",
                    "MB/s",
                    BERTH,
                    areas.mainOutput().percentile(50)));
            add(Row.of(
                    "stdout",
                    "exec, over pipes",
                    "MB/s",
                    BERTH,
                    areas.execOutput().percentile(50)));
            if (docker.isPresent()) {
                add(Row.of(
                        "stdout",
                        "exec, over a hijacked stream",
                        "MB/s",
                        DOCKER,
                        docker.get().output().percentile(50)));
            }
        }
        if (options.wants("parallel")) {
            add(Row.of("parallel", "8 at a time: create, run, delete", "per s", BERTH, areas.parallel()));
            if (docker.isPresent()) {
                add(Row.of(
                        "parallel",
                        "8 at a time: create, run, delete",
                        "per s",
                        DOCKER,
                        docker.get().parallel(3)));
            }
        }
        if (options.wants("list")) {
            add(Row.of("list", "list of 50 containers", BERTH, areas.list()));
        }
        if (options.wants("memory") && server != null) {
            memory(areas, server);
            if (docker.isPresent()) {
                memory(docker.get());
            }
        }
        if (options.wants("growth")) {
            new Growth(areas, options.crowd()).measure(this::add);
        }
    }

    /** Says why there is none: rows that are missing without a word look like rows that were not wanted. */
    private Optional<Docker> docker() {
        try {
            return Optional.of(Docker.find(System.getenv("DOCKER_HOST")));
        } catch (IOException absent) {
            System.err.println("berth: Docker is not measured: " + absent.getMessage());
            rows.add(Row.absent(DOCKER, absent.getMessage()));
            return Optional.empty();
        }
    }

    private void phases(String of, Map<String, Samples> phases) {
        phases.forEach((phase, millis) -> add(Row.of("phases", of + phase, BERTH, millis)));
    }

    private void ready(OwnServer server) throws IOException {
        double[] millis = new double[RESTARTS];
        for (int i = 0; i < RESTARTS; i++) {
            millis[i] = server.restart();
        }
        add(Row.of("ready", "start to ready, with its database", BERTH, new Samples(millis)));
    }

    private void memory(Areas areas, OwnServer server) throws IOException {
        areas.removeCrowd(areas.crowd(IDLE_CONTAINERS)); // what the server keeps for its own use, it keeps once
        double before = Memory.of(server.pid());
        double kernelBefore = Memory.ofKernel();
        List<String> crowd = areas.crowd(IDLE_CONTAINERS);
        try {
            double containers = Memory.ofContainers(server.dataDir());
            memory(BERTH, containers, Memory.ofKernel() - kernelBefore, Memory.of(server.pid()) - before);
        } finally {
            areas.removeCrowd(crowd);
        }
    }

    private void memory(Docker docker) throws IOException {
        docker.removeCrowd(docker.crowd(IDLE_CONTAINERS));
        double before = Memory.ofPrograms(Docker.SERVERS);
        double kernelBefore = Memory.ofKernel();
        List<String> crowd = docker.crowd(IDLE_CONTAINERS);
        try {
            double containers = Memory.ofDockerContainers(crowd);
            memory(DOCKER, containers, Memory.ofKernel() - kernelBefore, Memory.ofPrograms(Docker.SERVERS) - before);
        } finally {
            docker.removeCrowd(crowd);
        }
    }

    private void memory(String who, double containers, double kernel, double server) {
        add(Row.of("memory", "idle container and its monitor", "MB", who, containers / IDLE_CONTAINERS));
        add(Row.of("memory", "what the kernel holds for it", "MB", who, kernel / IDLE_CONTAINERS));
        add(Row.of("memory", "growth of the server per idle container", "MB", who, server / IDLE_CONTAINERS));
    }

    private void add(Row row) {
        rows.add(row);
        if (!options.json()) {
            System.out.println(row.line());
        }
    }

    private static String token(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
