package io.berth.engine.netns;

import static io.berth.engine.netns.PlayedHost.METADATA;
import static io.berth.engine.netns.PlayedHost.OUTSIDE;
import static io.berth.engine.netns.PlayedHost.inside;
import static io.berth.engine.netns.PlayedHost.ping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import io.berth.engine.netns.Networks.Sandbox;
import io.berth.testing.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KernelTest
class LocalNetworksIT {

    private static final String INSTANCE = "0a1b2c";
    private static final GroupId RED = new GroupId("red");
    private static final GroupId BLUE = new GroupId("blue");
    private static final NetworkSettings SETTINGS =
            new NetworkSettings("10.64.0.0/16", 22, 2, 8, Duration.ofMinutes(5), false);

    @TempDir
    Path root;

    private PlayedHost host;
    private LocalNetworks networks;
    private Path redUsers;
    private Path blueUsers;

    @BeforeEach
    void start() throws IOException {
        host = new PlayedHost(root);
        redUsers = host.userNamespace("red-users", 200_000);
        blueUsers = host.userNamespace("blue-users", 300_000);
        networks = host.networks(INSTANCE, SETTINGS);
        networks.ensureGroup(RED, redUsers);
        networks.ensureGroup(BLUE, blueUsers);
    }

    @AfterEach
    void end() throws IOException {
        try {
            networks.close();
            networks.removeAll();
            assertThat(host.devices(INSTANCE)).isEmpty();
            assertThat(host.pins(INSTANCE)).isEmpty();
            assertThat(host.run("nft", "list", "tables")).doesNotContain("berth_" + INSTANCE);
            assertThat(PlayedHost.list(root.resolve("run/subnets")))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly(".lock");
        } finally {
            host.close();
        }
    }

    @Test
    void containersOfOneGroupReachEachOtherAndTheirGatewayAndTheOutside() throws IOException {
        Sandbox one = networks.acquire(RED, "one");
        Sandbox two = networks.acquire(RED, "two");

        assertThat(one.namespace()).isNotEqualTo(two.namespace());
        assertThat(ping(redUsers, one, two.ipAddress())).isTrue();
        assertThat(ping(redUsers, one, one.gateway())).isTrue();
        assertThat(ping(redUsers, one, OUTSIDE)).isTrue();
        assertThat(Files.readString(host.forwarding())).isEqualTo("1\n");
    }

    @Test
    void containersReachNoOtherGroupNorAnyOtherAddressOfTheHost() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        Sandbox blue = networks.acquire(BLUE, "blue");

        assertThat(ping(redUsers, red, blue.ipAddress())).isFalse();
        assertThat(ping(redUsers, red, blue.gateway())).isFalse();
        assertThat(ping(redUsers, red, "198.51.100.1")).isFalse();
    }

    @Test
    void anotherInstanceOnTheHostGetsOtherSubnetsAndIsNotReached() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        try (LocalNetworks others = host.networks("ffeedd", SETTINGS)) {
            others.ensureGroup(RED, blueUsers);
            Sandbox other = others.acquire(RED, "red");

            assertThat(other.gateway()).isNotEqualTo(red.gateway());
            assertThat(ping(redUsers, red, other.ipAddress())).isFalse();
            assertThat(ping(blueUsers, other, red.ipAddress())).isFalse();
            assertThat(ping(blueUsers, other, OUTSIDE)).isTrue();

            others.removeAll();
            assertThat(host.devices("ffeedd")).isEmpty();
            assertThat(ping(redUsers, red, OUTSIDE)).isTrue();
        }
    }

    @Test
    void servicesOfTheHostAreReachedOnlyIfNamed() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        host.serve("/bin/busybox", "nc", "-ll", "-p", "8080", "-e", "/bin/true");
        String[] get = {"/bin/busybox", "nc", "-w", "1", red.gateway(), "8080"};
        await().untilAsserted(() -> host.run(get));

        assertThat(inside(redUsers, red, get)).isFalse();

        host.run("nft", "add", "element", "inet", "berth_" + INSTANCE, "services", "{ tcp . 8080 }");
        assertThat(inside(redUsers, red, get)).isTrue();
    }

    @Test
    void theMetadataAddressIsReachableOnlyWithoutTheRule() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        assertThat(ping(redUsers, red, METADATA)).isFalse();

        host.run("nft", "delete", "element", "inet", "berth_" + INSTANCE, "denied", "{ 169.254.0.0/16 }");
        assertThat(ping(redUsers, red, METADATA)).isTrue();
    }

    @Test
    void rulesThatSomebodyFlushedAreAppliedAgain() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        host.run("nft", "flush", "ruleset");
        assertThat(ping(redUsers, red, "198.51.100.1")).isTrue();

        networks.restoreRules();
        networks.restoreRules();

        assertThat(ping(redUsers, red, "198.51.100.1")).isFalse();
        assertThat(ping(redUsers, red, OUTSIDE)).isTrue();
    }

    @Test
    void rulesThatSomebodyFlushedAreAppliedAgainWithTheNextGroupThatComesOrGoes() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        host.run("nft", "flush", "ruleset");
        networks.removeGroup(BLUE);
        assertThat(ping(redUsers, red, "198.51.100.1")).isFalse();

        host.run("nft", "flush", "ruleset");
        networks.ensureGroup(BLUE, blueUsers);
        assertThat(ping(redUsers, red, "198.51.100.1")).isFalse();
        assertThat(ping(redUsers, red, OUTSIDE)).isTrue();
    }

    @Test
    void rootOfAContainerOwnsItsNetworkWhoseSettingsAreMade() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        assertThat(inside(redUsers, red, "/sbin/ip", "link", "set", "lo", "mtu", "1400"))
                .isTrue();
        assertThat(inside(blueUsers, red, "/sbin/ip", "link", "set", "lo", "mtu", "1400"))
                .isFalse();
        for (String setting : List.of("ping_group_range = 0\t65535", "ip_unprivileged_port_start = 0")) {
            String name = setting.substring(0, setting.indexOf(' '));
            String script = "[ \"$(busybox sysctl net.ipv4." + name + ")\" = \"net.ipv4." + setting + "\" ]";
            assertThat(inside(redUsers, red, "/bin/sh", "-c", script))
                    .as(setting)
                    .isTrue();
        }
    }

    @Test
    void aForgedSourceAddressIsDropped() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        Sandbox victim = networks.acquire(RED, "victim");
        String forged = Ipv4Subnet.format(Ipv4Subnet.parse(red.ipAddress()).base() + 200);
        assertThat(inside(redUsers, red, "/sbin/ip", "addr", "add", forged + "/22", "dev", "eth0"))
                .isTrue();

        assertThat(ping(redUsers, red, victim.ipAddress(), "-I", forged)).isFalse();
        // the kernel asks for a neighbour once a second, at first still in the forged name
        await().until(() -> ping(redUsers, red, victim.ipAddress()));

        host.run("nft", "delete", "table", "bridge", "berth_" + INSTANCE);
        await().until(() -> ping(redUsers, red, victim.ipAddress(), "-I", forged));
    }

    @Test
    void aForgedHardwareAddressIsDropped() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        assertThat(inside(redUsers, red, "/sbin/ip", "link", "set", "eth0", "address", "02:62:00:00:00:09"))
                .isTrue();

        assertThat(ping(redUsers, red, red.gateway())).isFalse();
    }

    @Test
    void privateAddressesAreDeniedIfConfigured() throws IOException {
        host.run("ip", "addr", "add", "192.168.77.1/24", "dev", "out0");
        host.run("ip", "route", "add", "192.168.78.0/24", "via", OUTSIDE);
        GroupId green = new GroupId("green");
        try (LocalNetworks strict =
                host.networks("ffeedd", new NetworkSettings("10.64.0.0/16", 22, 1, 8, Duration.ofMinutes(5), true))) {
            strict.ensureGroup(green, redUsers);
            Sandbox sandbox = strict.acquire(green, "one");
            assertThat(host.run("nft", "list", "set", "inet", "berth_ffeedd", "denied"))
                    .contains("192.168.0.0/16", "10.0.0.0/8");
            assertThat(ping(redUsers, sandbox, OUTSIDE)).isTrue();
            strict.removeAll();
        }
    }

    @Test
    void countsBytesAsTheContainerSeesThem() throws IOException {
        Sandbox one = networks.acquire(RED, "one");
        networks.acquire(RED, "two");
        long[] before = networks.traffic(RED, "one");
        assertThat(inside(redUsers, one, "/bin/busybox", "ping", "-c", "1", "-s", "1000", "-W", "1", one.gateway()))
                .isTrue();
        long[] after = networks.traffic(RED, "one");

        assertThat(after[0] - before[0]).isBetween(1000L, 5000L);
        assertThat(after[1] - before[1]).isBetween(1000L, 5000L);
        assertThatThrownBy(() -> networks.traffic(RED, "nobody"))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.NOT_FOUND));
    }

    @Test
    void releaseLeavesNoDeviceNorMountNorFile() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        String device = red.namespace().getFileName().toString();
        assertThat(host.devices(INSTANCE)).contains(device);

        networks.release(RED, "red");
        networks.release(RED, "red");

        await().untilAsserted(() -> {
            assertThat(host.devices(INSTANCE)).doesNotContain(device);
            assertThat(red.namespace()).doesNotExist();
        });
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(red.namespace().toString());
        assertThat(PlayedHost.list(host.layout(INSTANCE).runDir().resolve("net")))
                .isEmpty();
        assertThat(networks.acquire(RED, "red").ipAddress()).isNotEqualTo(red.ipAddress());
    }

    @Test
    void fiftyAtOnceGetFiftyDifferentOnes() throws Exception {
        var threads = Executors.newFixedThreadPool(50);
        try {
            List<Future<Sandbox>> asked = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String owner = "owner-" + i;
                asked.add(threads.submit(() -> networks.acquire(RED, owner)));
            }
            Set<String> addresses = new HashSet<>();
            for (Future<Sandbox> sandbox : asked) {
                addresses.add(sandbox.get().ipAddress());
                assertThat(sandbox.get().namespace()).exists();
            }
            assertThat(addresses).hasSize(50);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void oneOwnerAskingTwiceGetsTheSame() throws IOException {
        assertThat(networks.acquire(RED, "one")).isEqualTo(networks.acquire(RED, "one"));
        assertThatThrownBy(() -> networks.acquire(BLUE, "one")).hasMessageContaining("red");
    }

    @Test
    void aSpentSubnetIsNamedAndServesAgainAfterARelease() throws IOException {
        GroupId tiny = new GroupId("tiny");
        try (LocalNetworks small =
                host.networks("ffeedd", new NetworkSettings("10.64.0.0/16", 29, 2, 8, Duration.ofMinutes(5), false))) {
            small.ensureGroup(tiny, redUsers);
            for (int i = 0; i < 5; i++) {
                small.acquire(tiny, "owner" + i);
            }
            assertThatThrownBy(() -> small.acquire(tiny, "sixth"))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.EXHAUSTED))
                    .hasMessageContaining("/29 of group tiny");
            small.release(tiny, "owner3");
            assertThat(small.acquire(tiny, "sixth").ipAddress()).startsWith("10.64.");
            small.removeAll();
        }
    }

    @Test
    void aRestartKeepsWhatIsOwnedAndRemovesTheRest() throws IOException {
        Sandbox kept = networks.acquire(RED, "kept");
        Sandbox dropped = networks.acquire(RED, "dropped");
        networks.acquire(BLUE, "blue");
        // the first one is abandoned as a crash would leave it: its pools stay on the host

        try (LocalNetworks restarted = host.networks(INSTANCE, SETTINGS)) {
            networks.abandon();
            restarted.retainGroups(Set.of(RED));
            restarted.adopt(RED, Set.of("kept"));
            assertThat(host.devices(INSTANCE))
                    .containsExactlyInAnyOrder(
                            new Names(INSTANCE).bridge(subnetOf(kept)),
                            kept.namespace().getFileName().toString());
            assertThat(host.pins(INSTANCE)).containsExactly(kept.namespace());
            assertThat(dropped.namespace()).doesNotExist();
            assertThat(ping(redUsers, kept, OUTSIDE)).isTrue();

            restarted.ensureGroup(RED, redUsers);
            Sandbox next = restarted.acquire(RED, "next");
            assertThat(next.gateway()).isEqualTo(kept.gateway());
            assertThat(next.ipAddress()).isNotEqualTo(kept.ipAddress());
            assertThat(restarted.acquire(RED, "kept")).isEqualTo(kept);
            assertThat(ping(redUsers, next, kept.ipAddress())).isTrue();
            restarted.close();
            restarted.removeAll();
        }
    }

    @Test
    void removingAGroupRemovesItsBridgeRulesAndReservation() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        Sandbox blue = networks.acquire(BLUE, "blue");

        networks.removeGroup(RED);
        networks.removeGroup(RED);

        assertThat(red.namespace()).doesNotExist();
        assertThat(host.run("nft", "list", "ruleset"))
                .doesNotContain(red.gateway() + " ")
                .contains(blue.gateway());
        assertThat(PlayedHost.list(root.resolve("run/subnets"))).hasSize(2);
        assertThat(host.layout(INSTANCE).groups().resolve("red/subnet")).doesNotExist();
        assertThat(ping(blueUsers, blue, OUTSIDE)).isTrue();
        assertThatThrownBy(() -> networks.acquire(RED, "red")).hasMessageContaining("red");

        networks.ensureGroup(RED, redUsers);
        assertThat(ping(redUsers, networks.acquire(RED, "red"), OUTSIDE)).isTrue();
    }

    @Test
    void subnetsOfTheHostAreAvoidedAndAGroupsOwnIsTakenAgain() throws IOException {
        Sandbox red = networks.acquire(RED, "red");
        networks.close();
        networks.removeAll();
        Files.createDirectories(host.layout(INSTANCE).groups().resolve("red"));
        Files.writeString(host.layout(INSTANCE).groups().resolve("red/subnet"), "10.64.12.0/22\n");
        host.run("ip", "route", "add", "blackhole", "10.64.0.0/21");

        networks = host.networks(INSTANCE, SETTINGS);
        networks.ensureGroup(RED, redUsers);
        networks.ensureGroup(BLUE, blueUsers);

        assertThat(red.gateway()).isEqualTo("10.64.0.1");
        assertThat(networks.acquire(RED, "red").gateway()).isEqualTo("10.64.12.1");
        assertThat(networks.acquire(BLUE, "blue").gateway()).isEqualTo("10.64.8.1");
    }

    @Test
    void refusesOwnersThatWouldLeaveTheDirectory() {
        for (String hostile : List.of("../x", "", ".new-x", "a/b", "a b", "a\n", "x".repeat(129))) {
            assertThatThrownBy(() -> networks.acquire(RED, hostile))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.INVALID));
        }
    }

    @Test
    void aUserNamespaceThatIsNoneFailsTheAcquireAndLeavesNothing() throws IOException {
        GroupId broken = new GroupId("broken");
        Path file = Files.createFile(root.resolve("no-namespace"));
        networks.ensureGroup(broken, file);

        assertThatThrownBy(() -> networks.acquire(broken, "one"))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("no-namespace");

        networks.ensureGroup(broken, redUsers);
        assertThat(ping(redUsers, networks.acquire(broken, "one"), OUTSIDE)).isTrue();
    }

    private static Ipv4Subnet subnetOf(Sandbox sandbox) {
        return Ipv4Subnet.parse(sandbox.gateway() + "/" + sandbox.prefixLength());
    }
}
