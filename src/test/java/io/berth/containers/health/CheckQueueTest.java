package io.berth.containers.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.containers.health.CheckQueue.Entry;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckQueueTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");

    private final CheckQueue<String> queue = new CheckQueue<>(8, 3);

    @Test
    void givesWhatIsDueTheLongestWaitingFirst() {
        wait(ACME, "late", 9);
        wait(ACME, "early", 3);
        assertThat(take(2)).isEmpty();
        assertThat(take(9)).containsExactly("early", "late");
        assertThat(take(9)).isEmpty();
    }

    @Test
    void letsTenantsTakeTurns() {
        for (int i = 0; i < 3; i++) {
            wait(ACME, "acme" + i, 0);
        }
        wait(OTHER, "other", 5);
        assertThat(names(queue.take(at(5), 1))).containsExactly("acme0");
        assertThat(names(queue.take(at(5), 1))).containsExactly("other");
        assertThat(names(queue.take(at(5), 1))).containsExactly("acme1");
    }

    @Test
    void boundsWhatATenantHasUnderWayAndKeepsPlacesForOthers() {
        List<Entry<String>> taken = new ArrayList<>();
        for (TenantId tenant : List.of(ACME, OTHER)) {
            for (int i = 0; i < 5; i++) {
                wait(tenant, tenant + "-" + i, 0);
            }
            taken.addAll(queue.take(at(1), 100));
        }
        assertThat(names(taken)).hasSize(6).contains("acme-2", "other-2").doesNotContain("acme-3", "other-3");
        TenantId third = new TenantId("third");
        wait(third, "third-0", 0);
        wait(third, "third-1", 0);
        // three quarters are taken: the rest is for those that have none
        assertThat(take(1)).containsExactly("third-0");
        wait(new TenantId("fourth"), "fourth", 0);
        wait(new TenantId("fifth"), "fifth", 0);
        assertThat(take(1)).containsExactly("fourth");
        assertThat(queue.underWay()).isEqualTo(8);
        queue.ended(taken.get(0), at(100));
        assertThat(take(1)).containsExactly("fifth");
    }

    @Test
    void checksNothingTwiceAtATimeNorMakesUpForWhatItMissed() {
        Entry<String> slow = wait(ACME, "slow", 0);
        assertThat(take(0)).containsExactly("slow");
        assertThat(take(1000)).isEmpty();
        queue.leavePlace(slow);
        assertThat(queue.underWay()).isZero();
        assertThat(take(1000)).isEmpty();
        queue.ended(slow, at(1010));
        assertThat(take(1009)).isEmpty();
        assertThat(take(5000)).containsExactly("slow");
        assertThat(take(5000)).isEmpty();
    }

    @Test
    void leavesAloneWhatIsHeldUntilItGoesOn() {
        Entry<String> entry = wait(ACME, "held", 0);
        queue.hold(entry);
        assertThat(take(10)).isEmpty();
        queue.resume(entry, at(20));
        assertThat(take(20)).containsExactly("held");
        queue.hold(entry);
        queue.ended(entry, at(30));
        assertThat(take(100)).isEmpty();
        assertThat(queue.underWay()).isZero();
    }

    @Test
    void goesOnAfterACheckThatOutlastedAPause() {
        Entry<String> entry = wait(ACME, "frozen", 0);
        take(0);
        queue.hold(entry);
        queue.leavePlace(entry);
        queue.resume(entry, at(10));
        assertThat(take(50)).isEmpty();
        queue.ended(entry, at(60));
        assertThat(take(60)).containsExactly("frozen");
    }

    private Entry<String> wait(TenantId tenant, String name, int due) {
        Entry<String> entry = queue.enter(tenant, name);
        queue.resume(entry, at(due));
        return entry;
    }

    private List<String> take(int now) {
        return names(queue.take(at(now), 100));
    }

    private static List<String> names(List<Entry<String>> entries) {
        return entries.stream().map(Entry::subject).toList();
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }
}
