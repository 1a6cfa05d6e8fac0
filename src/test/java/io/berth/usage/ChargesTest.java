package io.berth.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ContainerId;
import io.berth.engine.DiskReading;
import io.berth.engine.DiskSize;
import io.berth.engine.GroupId;
import io.berth.engine.MeterReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The arithmetic of counters: nothing is lost, nothing is charged twice. */
class ChargesTest {

    private static final GroupId GROUP = new GroupId("group");
    private static final ContainerId CONTAINER = new ContainerId("ctr_1");
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    private static final long SECOND = 1_000_000_000L;
    private static final long GIB = 1L << 30;

    private @Nullable LastReading last;
    private final Charges charges = new Charges(Duration.ofHours(1), Duration.ofDays(10));

    private static Instant at(long seconds) {
        return TEN.plusSeconds(seconds);
    }

    private static MeterReading reading(String run, long at, long cpuSeconds, boolean ended) {
        return new MeterReading(
                CONTAINER, GROUP, run, at(at), at(0), ended, cpuSeconds * SECOND, GIB, cpuSeconds * 10, cpuSeconds);
    }

    private void read(MeterReading reading) {
        Interval.closedBy(reading, last).ifPresent(interval -> {
            charges.add(GROUP, CONTAINER, interval);
            last = LastReading.of(reading);
        });
    }

    private long total(MeteredResource resource) {
        return charges.amounts().entrySet().stream()
                .filter(entry -> entry.getKey().resource() == resource)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private Map<Instant, Long> buckets(MeteredResource resource) {
        return charges.amounts().entrySet().stream()
                .filter(entry -> entry.getKey().resource() == resource)
                .collect(Collectors.toMap(
                        entry -> entry.getKey().bucket(), Map.Entry::getValue, Long::sum, TreeMap::new));
    }

    @Test
    void chargesWhatCountersGrewBy() {
        read(reading("a", 10, 4, false));
        read(reading("a", 20, 9, false));
        assertThat(total(MeteredResource.CPU)).isEqualTo(9 * SECOND);
        assertThat(total(MeteredResource.NETWORK_RECEIVED)).isEqualTo(90);
        assertThat(total(MeteredResource.NETWORK_SENT)).isEqualTo(9);
        assertThat(total(MeteredResource.MEMORY)).isEqualTo(20 * GIB);
    }

    @Test
    void chargesAReadingOnceThoughItComesTwiceOrLate() {
        read(reading("a", 10, 4, false));
        read(reading("a", 10, 4, false));
        read(reading("a", 20, 9, true));
        read(reading("a", 15, 7, false));
        read(reading("a", 20, 9, true));
        assertThat(total(MeteredResource.CPU)).isEqualTo(9 * SECOND);
    }

    @Test
    void startsAnewWithEachRun() {
        read(reading("a", 10, 9, true));
        read(reading("b", 20, 5, false));
        read(reading("b", 30, 12, true));
        assertThat(total(MeteredResource.CPU)).isEqualTo(21 * SECOND);
    }

    @Test
    void startsAnewWhenACounterWentBack() {
        read(reading("a", 10, 9, false));
        read(reading("a", 20, 2, false));
        read(reading("a", 30, 3, false));
        assertThat(total(MeteredResource.CPU)).isEqualTo(12 * SECOND);
    }

    @Test
    void chargesARunThatWasNeverReadBeforeItsEnd() {
        read(reading("a", 3, 2, true));
        assertThat(total(MeteredResource.CPU)).isEqualTo(2 * SECOND);
        assertThat(total(MeteredResource.MEMORY)).isEqualTo(3 * GIB);
    }

    @Test
    void keepsTheLastKnownMemoryToTheEndOfARun() {
        read(new MeterReading(CONTAINER, GROUP, "a", at(0), at(0), false, 0, 2 * GIB, 0, 0));
        read(new MeterReading(CONTAINER, GROUP, "a", at(10), at(0), true, 0, 7 * GIB, 0, 0));
        assertThat(total(MeteredResource.MEMORY)).isEqualTo(20 * GIB);
    }

    @Test
    void takesMemoryToChangeEvenlyBetweenReadings() {
        read(new MeterReading(CONTAINER, GROUP, "a", at(0), at(0), false, 0, 0, 0, 0));
        read(new MeterReading(CONTAINER, GROUP, "a", at(10), at(0), false, 0, 4 * GIB, 0, 0));
        assertThat(total(MeteredResource.MEMORY)).isEqualTo(20 * GIB);
    }

    @Test
    void spreadsALongAbsenceOverTheHoursItTook() {
        read(reading("a", 1800, 0, false));
        read(reading("a", 1800 + 3 * 3600, 3001, false));
        assertThat(buckets(MeteredResource.CPU).keySet()).containsExactly(TEN, at(3600), at(2 * 3600), at(3 * 3600));
        assertThat(total(MeteredResource.CPU)).isEqualTo(3001 * SECOND);
        assertThat(buckets(MeteredResource.CPU).get(at(3600))).isBetween(1000 * SECOND, 1001 * SECOND);
        assertThat(buckets(MeteredResource.CPU).get(TEN)).isBetween(500 * SECOND, 501 * SECOND);
    }

    @Test
    void losesNothingByRounding() {
        for (int i = 1; i <= 1000; i++) {
            long at = i * 977L;
            read(new MeterReading(CONTAINER, GROUP, "a", at(at), at(0), false, i * 7_777_777_777L, 0, i * 3L, i));
        }
        assertThat(total(MeteredResource.CPU)).isEqualTo(1000 * 7_777_777_777L);
        assertThat(total(MeteredResource.NETWORK_RECEIVED)).isEqualTo(3000);
        assertThat(total(MeteredResource.NETWORK_SENT)).isEqualTo(1000);
    }

    @Test
    void chargesWhatIsOlderThanTheRetentionToWhatIsKept() {
        read(reading("a", 0, 0, false));
        read(reading("a", Duration.ofDays(400).toSeconds(), 5, false));
        assertThat(total(MeteredResource.CPU)).isEqualTo(5 * SECOND);
        assertThat(buckets(MeteredResource.CPU)).hasSizeLessThanOrEqualTo(241);
    }

    @Test
    void chargesDiskAsSteadyAndOverTheHoursItTook() {
        charges.addDisk(new DiskReading(CONTAINER, GROUP, at(1800), new DiskSize(3 * GIB, true)), at(5400));
        assertThat(buckets(MeteredResource.DISK))
                .containsOnly(Map.entry(TEN, 5400 * GIB), Map.entry(at(3600), 5400 * GIB));
        charges.addDisk(new DiskReading(CONTAINER, GROUP, at(5400), new DiskSize(GIB, true)), at(5400));
        charges.addDisk(new DiskReading(CONTAINER, GROUP, at(5400), new DiskSize(GIB, true)), at(5000));
        assertThat(total(MeteredResource.DISK)).isEqualTo(10_800 * GIB);
    }

    @Test
    void isNotConfusedByAClockThatWentBack() {
        read(reading("a", 100, 4, false));
        read(reading("a", 50, 6, false));
        read(reading("a", 110, 9, false));
        assertThat(total(MeteredResource.CPU)).isEqualTo(9 * SECOND);
        // and a run that began in the future
        read(new MeterReading(CONTAINER, GROUP, "b", at(200), at(900), false, SECOND, GIB, 0, 0));
        assertThat(total(MeteredResource.CPU)).isEqualTo(10 * SECOND);
    }
}
