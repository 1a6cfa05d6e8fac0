package io.berth.engine.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.GroupId;
import io.berth.engine.ResourceLimits;
import io.berth.engine.TerminalSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OciConfigTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SeccompFilter seccomp = new SeccompFilter(true);

    @Test
    void joinsTheNamespacesOfItsGroupAndMakesTheOthers() throws IOException {
        JsonNode namespaces = render(process(null), Set.of()).at("/linux/namespaces");
        assertThat(namespaces.findValuesAsText("type"))
                .containsExactlyInAnyOrder("pid", "mount", "ipc", "uts", "cgroup", "user", "network");
        assertThat(namespaces.findValuesAsText("path")).containsExactlyInAnyOrder("/run/user", "/run/net");
    }

    @Test
    void mapsIdsToTheGroupsRange() throws IOException {
        JsonNode config = render(process(null), Set.of());
        assertThat(config.at("/linux/uidMappings/0/hostID").asInt()).isEqualTo(700_000);
        assertThat(config.at("/linux/gidMappings/0/size").asInt()).isEqualTo(65_536);
    }

    @Test
    void givesCapabilitiesToRootOnly() throws IOException {
        JsonNode root = render(process(null), Set.of("CAP_NET_RAW")).at("/process/capabilities");
        assertThat(strings(root.get("effective"))).contains("CAP_CHOWN").doesNotContain("CAP_NET_RAW", "CAP_SYS_ADMIN");
        String json = new OciConfig(1000, seccomp, Masks.ofRuntime())
                .renderProcess(config(process("1"), Set.of()), process("1"), user(1), null);
        JsonNode other = JSON.readTree(json).get("capabilities");
        assertThat(strings(other.get("effective"))).isEmpty();
        assertThat(strings(other.get("bounding"))).contains("CAP_CHOWN");
    }

    @Test
    void asksForNoMoreOpenFilesThanItHas() throws IOException {
        JsonNode limit = render(process(null), Set.of()).at("/process/rlimits/0");
        assertThat(limit.get("hard").asLong()).isEqualTo(20_000);
        assertThat(limit.get("soft").asLong()).isEqualTo(1024);
    }

    @Test
    void hidesAndProtectsWhatTheHostShowsInProc() throws IOException {
        JsonNode linux = render(process(null), Set.of()).get("linux");
        assertThat(strings(linux.get("maskedPaths"))).contains("/proc/kcore", "/proc/keys", "/sys/firmware");
        assertThat(strings(linux.get("readonlyPaths"))).contains("/proc/sys", "/proc/sysrq-trigger");
    }

    @Test
    void hidesDirectoriesBehindOneThatAllShare() throws IOException {
        Masks masks = Masks.sharing(Path.of("/run/empty"));
        JsonNode json = JSON.readTree(
                new OciConfig(20_000, seccomp, masks).render(spec(config(process(null), Set.of()), null)));

        List<String> shared = masks.shared();
        assertThat(shared).doesNotContain("/proc/kcore").allSatisfy(path -> {
            assertThat(Path.of(path)).isDirectory();
            assertThat(json.at("/linux/maskedPaths"))
                    .noneMatch(masked -> masked.asText().equals(path));
            assertThat(json.get("mounts")).anySatisfy(mount -> {
                assertThat(mount.get("destination").asText()).isEqualTo(path);
                assertThat(mount.get("source").asText()).isEqualTo("/run/empty");
                assertThat(strings(mount.get("options"))).contains("bind", "ro");
            });
        });
        assertThat(strings(json.at("/linux/maskedPaths"))).contains("/proc/kcore", "/proc/keys");
    }

    @Test
    void deniesByDefaultAndAllowsByName() throws IOException {
        JsonNode profile = render(process(null), Set.of()).at("/linux/seccomp");
        assertThat(profile.get("defaultAction").asText()).isEqualTo("SCMP_ACT_ERRNO");
        List<String> allowed = new ArrayList<>();
        for (JsonNode rule : profile.get("syscalls")) {
            if (rule.get("action").asText().equals("SCMP_ACT_ALLOW") && !rule.has("args")) {
                allowed.addAll(strings(rule.get("names")));
            }
        }
        assertThat(allowed)
                .contains("read", "execve", "futex", "epoll_wait")
                .doesNotContain("mount", "unshare", "setns", "bpf", "clone", "clone3", "keyctl", "io_uring_setup")
                .doesNotHaveDuplicates();
    }

    @Test
    void handsTheCompiledFilterToLaterContainers() throws IOException {
        assertThat(seccomp.accept(new byte[] {1, 2, 3})).isTrue();
        JsonNode config = render(process(null), Set.of());
        assertThat(config.at("/annotations/run.oci.seccomp_bpf_data").asText()).isEqualTo("AQID");
        assertThat(config.at("/linux/seccomp").has("syscalls")).isFalse();
    }

    @Test
    void goesBackToTheWholeListWhenARuntimeLoadsSomethingElse() throws IOException {
        assertThat(seccomp.accept(new byte[] {1})).isTrue();
        assertThat(seccomp.accept(new byte[] {2})).isFalse();
        assertThat(seccomp.reuses()).isFalse();
        assertThat(render(process(null), Set.of()).at("/linux/seccomp").has("syscalls"))
                .isTrue();
    }

    @Test
    void putsTheInitBeforeTheCommand() throws IOException {
        ContainerConfig config = config(process(null), Set.of());
        BundleSpec spec = spec(config, Path.of("/usr/bin/catatonit"));
        JsonNode json = JSON.readTree(new OciConfig(20_000, seccomp, Masks.ofRuntime()).render(spec));
        assertThat(strings(json.at("/process/args"))).containsExactly("/dev/init", "--", "sh");
        assertThat(json.get("mounts").findValuesAsText("destination")).contains("/dev/init");
    }

    @Test
    void namesTheAppArmorProfileIfThereIsOne() throws IOException {
        ContainerConfig config = config(process(null), Set.of());
        OciConfig oci = new OciConfig(20_000, seccomp, Masks.ofRuntime());
        assertThat(JSON.readTree(oci.render(spec(config, null, "berth-container-1")))
                        .at("/process/apparmorProfile")
                        .asText())
                .isEqualTo("berth-container-1");
        String exec = oci.renderProcess(config, process(null), User.ROOT, "berth-container-1");
        assertThat(JSON.readTree(exec).get("apparmorProfile").asText()).isEqualTo("berth-container-1");
        assertThat(oci.render(spec(config, null))).doesNotContain("apparmorProfile");
    }

    @Test
    void sizesTheTerminal() throws IOException {
        ProcessConfig process = new ProcessConfig(List.of("sh"), List.of(), "/", null, true, new TerminalSize(120, 40));
        JsonNode size = render(process, Set.of()).at("/process/consoleSize");
        assertThat(size.get("width").asInt()).isEqualTo(120);
        assertThat(size.get("height").asInt()).isEqualTo(40);
    }

    @Test
    void quotesWhateverTheTenantWrites() throws IOException {
        String evil = "\"}],\"root\":{\"path\":\"/\"} \u0000\u001b\n";
        ProcessConfig process = new ProcessConfig(List.of(evil), List.of("X=" + evil), "/", null, false, null);
        JsonNode json = render(process, Set.of());
        assertThat(strings(json.at("/process/args"))).containsExactly(evil);
        assertThat(json.path("root").path("path").asText()).isEqualTo("/rootfs");
    }

    private JsonNode render(ProcessConfig process, Set<String> drop) throws IOException {
        String json = new OciConfig(20_000, seccomp, Masks.ofRuntime()).render(spec(config(process, drop), null));
        return JSON.readTree(json.getBytes(StandardCharsets.UTF_8));
    }

    private static BundleSpec spec(ContainerConfig config, @Nullable Path init) {
        return spec(config, init, null);
    }

    private static BundleSpec spec(ContainerConfig config, @Nullable Path init, @Nullable String appArmorProfile) {
        return new BundleSpec(
                config,
                User.ROOT,
                Path.of("/rootfs"),
                "/berth/g/c",
                Path.of("/run/user"),
                700_000,
                Path.of("/run/net"),
                Path.of("/etc-of-c"),
                appArmorProfile,
                init);
    }

    private static ContainerConfig config(ProcessConfig process, Set<String> drop) {
        return new ContainerConfig(
                new ContainerId("c"),
                new GroupId("g"),
                List.of(),
                process,
                false,
                false,
                "host",
                ResourceLimits.UNLIMITED,
                false,
                Map.of("/cache", 1000L),
                Set.of(),
                drop,
                false,
                1000);
    }

    private static ProcessConfig process(@org.jspecify.annotations.Nullable String user) {
        return new ProcessConfig(List.of("sh"), List.of("A=b"), "/", user, false, null);
    }

    private static User user(long uid) {
        return new User(uid, uid, List.of(), "/");
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
