package io.berth.engine.local;

import io.berth.common.Subprocess;
import io.berth.engine.EngineInfo;
import io.berth.engine.bundle.AppArmor;
import io.berth.engine.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the host is and which programs the engine found on it. Asked for once, when somebody first wants to know. */
final class HostInfo implements Supplier<EngineInfo> {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Path runtime;
    private final Path conmon;
    private final Cgroups cgroups;
    private final LocalEngineOptions options;
    private final Optional<AppArmor> appArmor;
    private @Nullable EngineInfo info;

    HostInfo(Path runtime, Path conmon, Cgroups cgroups, LocalEngineOptions options, Optional<AppArmor> appArmor) {
        this.runtime = runtime;
        this.conmon = conmon;
        this.cgroups = cgroups;
        this.options = options;
        this.appArmor = appArmor;
    }

    @Override
    public synchronized EngineInfo get() {
        if (info == null) {
            info = read();
        }
        return info;
    }

    private EngineInfo read() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put(runtime.getFileName().toString(), version(runtime));
        versions.put("conmon", version(conmon));
        versions.put("kernel", firstLine(options.procRoot().resolve("sys/kernel/osrelease")));
        Map<String, String> features = new LinkedHashMap<>();
        features.put("cgroup", cgroups.mode());
        features.put("ioLimits", cgroups.ioLimits());
        features.put("init", Programs.find(options.init()).isPresent() ? options.init() : "none");
        features.put("apparmor", appArmor.isPresent() ? AppArmor.PROFILE : "none");
        return new EngineInfo("local", Runtime.getRuntime().availableProcessors(), memoryBytes(), versions, features);
    }

    private static String version(Path program) {
        try {
            Subprocess.Result result = Subprocess.run(DEADLINE, List.of(program.toString(), "--version"));
            String line = result.stdout().lines().findFirst().orElse("").strip();
            return line.substring(line.lastIndexOf(' ') + 1);
        } catch (IOException e) {
            return "unknown";
        }
    }

    private long memoryBytes() {
        try {
            for (String line : Files.readAllLines(options.procRoot().resolve("meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
