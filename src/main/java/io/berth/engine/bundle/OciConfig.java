package io.berth.engine.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.TerminalSize;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code config.json}: the OCI runtime specification's view of a container. Limits are not in it: Berth sets
 * them on the cgroup before the runtime joins it, with one piece of code for containers and groups.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md">OCI runtime-spec, config.md</a>
 */
public final class OciConfig {

    static final String INIT_PATH = "/dev/init";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
    private static final long OPEN_FILES = 1_048_576;
    /** What select(2) can hold; programs that want more raise it themselves. */
    private static final long SOFT_OPEN_FILES = 1024;

    private final long openFiles;
    private final SeccompFilter seccomp;
    private final Masks masks;

    /** @param hardOpenFiles this process's hard RLIMIT_NOFILE: without CAP_SYS_RESOURCE no more can be given */
    public OciConfig(long hardOpenFiles, SeccompFilter seccomp, Masks masks) {
        this.masks = masks;
        this.seccomp = seccomp;
        this.openFiles = Math.min(OPEN_FILES, hardOpenFiles);
    }

    /** The whole configuration, as JSON. */
    public String render(BundleSpec spec) {
        ContainerConfig config = spec.config();
        ObjectNode root = JSON.createObjectNode();
        root.put("ociVersion", "1.0.2");
        root.put("hostname", config.hostname());
        root.putObject("root").put("path", spec.rootfs().toString()).put("readonly", config.readOnlyRootfs());
        root.set("process", process(config, config.process(), spec.arguments(), spec.user(), spec.appArmorProfile()));
        List<String> shared = masks.shared();
        mounts(root.putArray("mounts"), spec, shared);
        ObjectNode linux = root.putObject("linux");
        linux(linux, spec);
        strings(linux.putArray("maskedPaths"), masks.others(shared));
        strings(linux.putArray("readonlyPaths"), READ_ONLY);
        seccomp.writeTo(root, linux);
        return root.toString();
    }

    /**
     * A process object, as {@code exec --process} takes it.
     *
     * @param appArmorProfile the container's own; runc gives none to a process that names none
     */
    public String renderProcess(
            ContainerConfig config, ProcessConfig process, User user, @Nullable String appArmorProfile) {
        return process(config, process, process.args(), user, appArmorProfile).toString();
    }

    private ObjectNode process(
            ContainerConfig config,
            ProcessConfig process,
            List<String> arguments,
            User user,
            @Nullable String appArmorProfile) {
        ObjectNode node = JSON.createObjectNode();
        node.put("terminal", process.terminal());
        if (process.terminal()) {
            TerminalSize size = process.terminalSize() == null ? new TerminalSize(80, 24) : process.terminalSize();
            node.putObject("consoleSize").put("width", size.columns()).put("height", size.rows());
        }
        ObjectNode userNode = node.putObject("user").put("uid", user.uid()).put("gid", user.gid());
        if (!user.groups().isEmpty()) {
            ArrayNode groups = userNode.putArray("additionalGids");
            user.groups().forEach(groups::add);
        }
        strings(node.putArray("args"), arguments);
        strings(node.putArray("env"), withHome(process.env(), user));
        node.put("cwd", process.workingDir());
        node.put("noNewPrivileges", false);
        if (appArmorProfile != null) {
            node.put("apparmorProfile", appArmorProfile);
        }
        Set<String> capabilities = Capabilities.of(config.addCapabilities(), config.dropCapabilities());
        ObjectNode sets = node.putObject("capabilities");
        strings(sets.putArray("bounding"), capabilities);
        // As execve(2) would have it: only root's processes start with capabilities.
        strings(sets.putArray("effective"), user.uid() == 0 ? capabilities : Set.of());
        strings(sets.putArray("permitted"), user.uid() == 0 ? capabilities : Set.of());
        strings(sets.putArray("inheritable"), Set.of());
        strings(sets.putArray("ambient"), Set.of());
        node.putArray("rlimits")
                .addObject()
                .put("type", "RLIMIT_NOFILE")
                .put("soft", Math.min(SOFT_OPEN_FILES, openFiles))
                .put("hard", openFiles);
        return node;
    }

    private static List<String> withHome(List<String> env, User user) {
        if (env.stream().anyMatch(entry -> entry.startsWith("HOME="))) {
            return env;
        }
        List<String> extended = new ArrayList<>(env);
        extended.add("HOME=" + user.home());
        return extended;
    }

    private void mounts(ArrayNode mounts, BundleSpec spec, List<String> masked) {
        mount(mounts, "/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        mount(mounts, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        mount(
                mounts,
                "/dev/pts",
                "devpts",
                "devpts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5");
        mount(mounts, "/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        mount(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        mount(mounts, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        mount(mounts, "/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
        for (String path : masked) {
            mount(mounts, path, "bind", String.valueOf(masks.empty()), "bind", "nosuid", "noexec", "nodev", "ro");
        }
        for (String file : List.of("hosts", "hostname", "resolv.conf")) {
            String source = spec.etcDir().resolve(file).toString();
            mount(mounts, "/etc/" + file, "bind", source, "bind", "nosuid", "noexec", "nodev");
        }
        if (spec.initProgram() != null) {
            mount(mounts, INIT_PATH, "bind", spec.initProgram().toString(), "bind", "nosuid", "nodev", "ro");
        }
        new TreeMap<>(spec.config().tmpfs())
                .forEach((path, size) ->
                        mount(mounts, path, "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=" + size));
    }

    private static void mount(ArrayNode mounts, String destination, String type, String source, String... options) {
        ObjectNode mount = mounts.addObject();
        mount.put("destination", destination).put("type", type).put("source", source);
        strings(mount.putArray("options"), List.of(options));
    }

    private static void linux(ObjectNode linux, BundleSpec spec) {
        linux.put("cgroupsPath", spec.cgroupPath());
        ArrayNode namespaces = linux.putArray("namespaces");
        for (String type : List.of("pid", "mount", "ipc", "uts", "cgroup")) {
            namespaces.addObject().put("type", type);
        }
        namespaces
                .addObject()
                .put("type", "user")
                .put("path", spec.userNamespace().toString());
        namespaces
                .addObject()
                .put("type", "network")
                .put("path", spec.networkNamespace().toString());
        for (String mapping : List.of("uidMappings", "gidMappings")) {
            linux.putArray(mapping)
                    .addObject()
                    .put("containerID", 0)
                    .put("hostID", spec.firstId())
                    .put("size", BundleSpec.ID_RANGE);
        }
    }

    private static void strings(ArrayNode array, Collection<String> values) {
        values.forEach(array::add);
    }
}
