package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.CreatedContainer;
import io.berth.engine.ExecId;
import io.berth.engine.GroupId;
import io.berth.engine.ProcessStream;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import io.berth.engine.bundle.Capabilities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps a container's processes from the host, from other groups, and from the image others share. */
class IsolationIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final Map<String, Integer> DENIED =
            Map.of("unshare", 272, "mount", 165, "keyctl", 250, "bpf", 321, "setns", 308);

    private GroupId group;

    @BeforeAll
    static void makeProbes() throws IOException {
        for (Map.Entry<String, Integer> call : DENIED.entrySet()) {
            RawSyscall.write(host.busybox.resolve("probe/" + call.getKey()), call.getValue());
        }
        RawSyscall.write(host.busybox.resolve("probe/clone3"), 435);
    }

    @BeforeEach
    void makeGroup() {
        group = group(NONE);
    }

    @Test
    void runsRootAsAnOrdinaryUserOfTheHost() throws IOException {
        CreatedContainer created = run(config(group, NONE, SLEEP));
        String[] map = Files.readString(Path.of("/proc/" + created.pid() + "/uid_map"))
                .strip()
                .split("\\s+");
        int firstId = Integer.parseInt(map[1]);
        assertThat(map[0]).isEqualTo("0");
        assertThat(firstId).isGreaterThanOrEqualTo(100_000);
        assertThat(Integer.parseInt(map[2])).isEqualTo(65_536);
        assertThat(status(created.pid(), "Uid").split("\\s+")).containsOnly(Integer.toString(firstId));
        assertThat(status(created.pid(), "Gid").split("\\s+")).containsOnly(Integer.toString(firstId));
    }

    @Test
    void filtersSystemCallsOfEveryContainerAndEveryProcess() throws Exception {
        for (int i = 0; i < 3; i++) {
            ContainerConfig config = config(group, NONE, SLEEP);
            ContainerId id = config.id();
            CreatedContainer created = run(config);
            assertThat(status(created.pid(), "Seccomp")).isEqualTo("2");
            assertThat(sh(id, "grep Seccomp: /proc/self/status").stdout()).isEqualTo("Seccomp:\t2\n");
            for (String call : DENIED.keySet()) {
                assertThat(exec(id, null, "/probe/" + call).code()).as(call).isEqualTo(EPERM);
            }
            assertThat(exec(id, null, "/probe/clone3").code()).isEqualTo(ENOSYS);
        }
    }

    @Test
    void filtersSystemCallsOfSessions() {
        ContainerId id = run(group, NONE, SLEEP);
        Received received = new Received();
        ContainerConfig.ProcessConfig process = new ContainerConfig.ProcessConfig(
                List.of("sh", "-c", "grep Seccomp: /proc/self/status; unshare -U true; echo over"),
                List.of("PATH=/bin"),
                "/",
                null,
                true,
                null);
        try (ProcessStream session = host.engine().openSession(id, new ExecId("session"), process)) {
            session.listen(0, received);
            received.awaitStdout("over");
        }
        assertThat(received.stdout()).contains("Seccomp:\t2").contains("Operation not permitted");
    }

    @Test
    void hasTheDefaultCapabilitiesAndNoMore() throws IOException {
        CreatedContainer created = run(config(group, NONE, SLEEP));
        assertThat(names(status(created.pid(), "CapBnd"))).containsExactlyInAnyOrderElementsOf(Capabilities.DEFAULT);
        assertThat(status(created.pid(), "CapAmb")).matches("0+");
        assertThat(status(created.pid(), "CapInh")).matches("0+");
    }

    @Test
    void givesAnOrdinaryUserNoCapabilities() throws IOException {
        CreatedContainer created =
                run(config(group, NONE, process(SLEEP, "alice"), false, Map.of(), Set.of(), Set.of()));
        assertThat(status(created.pid(), "CapEff")).matches("0+");
        assertThat(status(created.pid(), "CapPrm")).matches("0+");
    }

    @Test
    void addsAndDropsCapabilities() throws IOException {
        CreatedContainer created =
                run(config(group, NONE, process(SLEEP, null), false, Map.of(), Set.of("CAP_NET_ADMIN"), Set.of("ALL")));
        assertThat(names(status(created.pid(), "CapEff"))).containsExactly("CAP_NET_ADMIN");
        assertThat(names(status(created.pid(), "CapBnd"))).containsExactly("CAP_NET_ADMIN");
    }

    @Test
    void seesNoProcessesButItsOwn() {
        ContainerId id = run(group, NONE, SLEEP);
        run(group, NONE, SLEEP);
        assertThat(sh(id, "cat /proc/1/cmdline").stdout()).startsWith("sleep");
        assertThat(sh(id, "ls /proc | grep -c '^[0-9]'").stdout().strip()).isIn("2", "3", "4");
    }

    @Test
    void writesNeitherProcNorSys() {
        ContainerId id = run(group, NONE, SLEEP);
        for (String path : List.of("/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/sys/kernel/uevent_helper")) {
            assertThat(sh(id, "echo 1 > " + path).code()).as(path).isNotZero();
        }
        // on version 1 the hierarchies are mounted in a tmpfs of the container's own
        String procs =
                "for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do [ ! -e $f ] || { echo 0 > $f && echo $f; }; done";
        assertThat(sh(id, procs + " 2>/dev/null").stdout()).isEmpty();
        assertThat(sh(id, "cat /proc/kcore | head -c 1 | wc -c").stdout().strip())
                .isEqualTo("0");
        assertThat(sh(id, "cat /proc/keys").stdout()).isEmpty();
        assertThat(sh(id, "ls -A /sys/firmware /proc/scsi /proc/acpi 2>/dev/null | grep -v :")
                        .stdout()
                        .strip())
                .isEmpty();
        assertThat(sh(id, "touch /sys/firmware/x /proc/acpi/x").code()).isNotZero();
    }

    @Test
    void hasOnlyTheUsualDevices() {
        ContainerId id = run(group, NONE, SLEEP);
        assertThat(sh(id, "ls /dev").stdout().lines())
                .isSubsetOf(
                        "console", "core", "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr",
                        "stdin", "stdout", "tty", "urandom", "zero")
                .contains("null", "zero", "full", "random", "urandom", "tty", "ptmx");
        assertThat(sh(id, "mknod /tmp/disk b 8 0").code()).isNotZero();
        assertThat(sh(id, "echo x > /dev/null").code()).isZero();
    }

    @Test
    void limitsOpenFiles() throws IOException {
        ContainerId id = run(group, NONE, SLEEP);
        assertThat(sh(id, "ulimit -Sn").stdout().strip()).isEqualTo("1024");
        assertThat(Long.parseLong(sh(id, "ulimit -Hn").stdout().strip())).isBetween(1024L, 1_048_576L);
    }

    @Test
    void knowsItsNameAndItsNameServers() {
        ContainerConfig config = config(group, NONE, SLEEP);
        String address = run(config).ipAddress();
        assertThat(sh(config.id(), "hostname; cat /etc/hostname").stdout()).isEqualTo("kernel\nkernel\n");
        assertThat(sh(config.id(), "cat /etc/hosts").stdout()).contains("127.0.0.1", "localhost", address, "kernel");
        assertThat(sh(config.id(), "cat /etc/resolv.conf").stdout()).contains("nameserver");
    }

    @Test
    void mayHaveAReadOnlyRootAndABoundedTmpfs() {
        ContainerConfig config =
                config(group, NONE, process(SLEEP, null), true, Map.of("/tmp", 1L << 20), Set.of(), Set.of());
        run(config);
        assertThat(sh(config.id(), "touch /file").stderr()).contains("Read-only file system");
        assertThat(sh(config.id(), "head -c 512k /dev/zero > /tmp/half").code()).isZero();
        assertThat(sh(config.id(), "head -c 4m /dev/zero > /tmp/much").code()).isNotZero();
    }

    @Test
    void changesNothingForOthersOfTheSameImage() throws IOException {
        ContainerId one = run(group, NONE, SLEEP);
        ContainerId other = run(group(NONE), NONE, SLEEP);
        String before = Files.readString(host.busybox.resolve("etc/passwd"));
        assertThat(sh(one, "echo mallory >> /etc/passwd && rm -r /root && touch /new")
                        .code())
                .isZero();
        assertThat(sh(other, "cat /etc/passwd").stdout()).isEqualTo(before);
        assertThat(sh(other, "ls -d /root /new").stdout()).isEqualTo("/root\n");
        assertThat(host.busybox.resolve("etc/passwd")).hasContent(before);
    }

    @Test
    void ownsItsFilesByTheGroupsIds() throws IOException {
        ContainerConfig config = config(group, NONE, SLEEP);
        int pid = run(config).pid();
        assertThat(sh(config.id(), "touch /mine; touch /hers; chown 1000 /hers; stat -c %u /mine /hers /bin/busybox")
                        .stdout())
                .isEqualTo("0\n1000\n0\n");
        int firstId = Integer.parseInt(status(pid, "Uid").split("\\s+")[0]);
        try (var files = Files.walk(host.layout.containers().resolve(config.id().value()))) {
            for (Path file : files.toList()) {
                if (file.endsWith("mine")) {
                    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(firstId);
                } else if (file.endsWith("hers")) {
                    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(firstId + 1000);
                }
            }
        }
    }

    @Test
    void reachesItsGroupButNoOtherAndNotTheHost() throws IOException {
        List<String> serve = List.of("sh", "-c", "while :; do echo hello | nc -l -p 80; done");
        ContainerConfig mine = config(group, NONE, serve);
        ContainerConfig theirs = config(group(NONE), NONE, serve);
        String friend = run(mine).ipAddress();
        String stranger = run(theirs).ipAddress();
        ContainerId client = run(group, NONE, SLEEP);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sh(client, fetch(java.util.Objects.requireNonNull(friend), 80))
                                .stdout())
                        .isEqualTo("hello\n"));
        assertThat(sh(theirs.id(), fetch("127.0.0.1", 80)).stdout()).isEqualTo("hello\n");
        assertThat(sh(client, fetch(java.util.Objects.requireNonNull(stranger), 80))
                        .stdout())
                .isEmpty();
        String gateway = sh(client, "ip route").stdout().split("\\s+")[2];
        try (ServerSocket service = new ServerSocket(0, 5, InetAddress.getByName(gateway))) {
            service.setSoTimeout(1);
            assertThat(sh(client, fetch(gateway, service.getLocalPort())).code())
                    .isNotZero();
            assertThatThrownBy(service::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void letsOrdinaryUsersPingAndUseLowPorts() {
        // Debian's busybox pings by a raw socket only, so the kernel's own words have to do
        ContainerId id = run(group, NONE, SLEEP);
        assertThat(sh(id, "cat /proc/sys/net/ipv4/ping_group_range").stdout()).isEqualTo("0\t65535\n");
        assertThat(sh(id, "cat /proc/sys/net/ipv4/ip_unprivileged_port_start").stdout())
                .isEqualTo("0\n");
    }

    private static String fetch(String address, int port) {
        return "nc -w 2 " + address + " " + port + " </dev/null";
    }

    /** The capabilities of a mask as {@code /proc/<pid>/status} shows it; see linux/capability.h for the numbers. */
    private static List<String> names(String mask) {
        long bits = Long.parseUnsignedLong(mask, 16);
        Map<Integer, String> known = Map.ofEntries(
                Map.entry(0, "CAP_CHOWN"),
                Map.entry(1, "CAP_DAC_OVERRIDE"),
                Map.entry(3, "CAP_FOWNER"),
                Map.entry(4, "CAP_FSETID"),
                Map.entry(5, "CAP_KILL"),
                Map.entry(6, "CAP_SETGID"),
                Map.entry(7, "CAP_SETUID"),
                Map.entry(8, "CAP_SETPCAP"),
                Map.entry(10, "CAP_NET_BIND_SERVICE"),
                Map.entry(12, "CAP_NET_ADMIN"),
                Map.entry(13, "CAP_NET_RAW"),
                Map.entry(18, "CAP_SYS_CHROOT"),
                Map.entry(31, "CAP_SETFCAP"));
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < 64; bit++) {
            if ((bits >> bit & 1) == 1) {
                names.add(known.getOrDefault(bit, "capability " + bit));
            }
        }
        return names;
    }
}
