package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubnetReservationsTest {

    private static final NetworkSettings SETTINGS =
            new NetworkSettings("10.64.0.0/20", 22, 1, 1, Duration.ofMinutes(1), false);
    private static final GroupId RED = new GroupId("red");
    private static final GroupId BLUE = new GroupId("blue");

    @TempDir
    Path run;

    private SubnetReservations reservations;
    private SubnetReservations others;

    @BeforeEach
    void twoInstances() throws IOException {
        Files.createDirectory(run.resolve("aaaaaa"));
        Files.createDirectory(run.resolve("bbbbbb"));
        reservations = new SubnetReservations(run.resolve("subnets"), "aaaaaa");
        others = new SubnetReservations(run.resolve("subnets"), "bbbbbb");
    }

    @Test
    void instancesNeverGetTheSame() throws IOException {
        assertThat(reserve(reservations, RED)).hasToString("10.64.0.0/22");
        assertThat(reserve(others, RED)).hasToString("10.64.4.0/22");
        assertThat(reserve(reservations, BLUE)).hasToString("10.64.8.0/22");
        assertThat(run.resolve("subnets/10.64.0.0-22")).hasContent("aaaaaa red");
    }

    @Test
    void aGroupKeepsItsOwn() throws IOException {
        reserve(others, BLUE);
        assertThat(reserve(reservations, RED)).isEqualTo(reserve(reservations, RED));
        assertThat(reservations.find(RED)).hasValue(Ipv4Subnet.parse("10.64.4.0/22"));
        assertThat(reservations.own()).containsOnlyKeys(RED);
    }

    @Test
    void takesTheOneItHadBeforeIfItIsFree() throws IOException {
        Optional<Ipv4Subnet> before = Optional.of(Ipv4Subnet.parse("10.64.12.0/22"));
        assertThat(reservations.reserve(RED, before, SETTINGS, List.of())).isEqualTo(before.get());
        assertThat(others.reserve(RED, before, SETTINGS, List.of())).hasToString("10.64.0.0/22");
    }

    @Test
    void avoidsWhatTheHostUses() throws IOException {
        assertThat(reservations.reserve(RED, Optional.empty(), SETTINGS, List.of(Ipv4Subnet.parse("10.64.0.0/21"))))
                .hasToString("10.64.8.0/22");
    }

    @Test
    void namesThePoolWhenItIsSpent() {
        assertThatThrownBy(() ->
                        reservations.reserve(RED, Optional.empty(), SETTINGS, List.of(Ipv4Subnet.parse("10.0.0.0/8"))))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.EXHAUSTED))
                .hasMessageContaining("10.64.0.0/20")
                .hasMessageContaining("red");
    }

    @Test
    void reclaimsWhatAGoneInstanceHeld() throws IOException {
        reserve(others, RED);
        Files.delete(run.resolve("bbbbbb"));
        assertThat(reserve(reservations, RED)).hasToString("10.64.0.0/22");
        assertThat(others.own()).isEmpty();
    }

    @Test
    void reclaimsAFileThatACrashLeftHalfWritten() throws IOException {
        Files.createDirectory(run.resolve("subnets"));
        Files.createFile(run.resolve("subnets/10.64.0.0-22"));
        Files.writeString(run.resolve("subnets/junk"), "junk");
        assertThat(reserve(reservations, RED)).hasToString("10.64.0.0/22");
        assertThat(run.resolve("subnets/junk")).doesNotExist();
    }

    @Test
    void releasesOnlyItsOwn() throws IOException {
        reserve(reservations, RED);
        reserve(others, RED);
        reservations.release(RED);
        reservations.release(RED);
        assertThat(reservations.find(RED)).isEmpty();
        assertThat(others.find(RED)).isPresent();
    }

    private static Ipv4Subnet reserve(SubnetReservations from, GroupId group) throws IOException {
        return from.reserve(group, Optional.empty(), SETTINGS, List.of());
    }
}
