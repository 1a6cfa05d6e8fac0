package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ContainerId;
import io.berth.engine.Exit;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ContainerActivityTest {

    private static final ContainerId ID = RunningContainer.ID;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource source = now::get;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final ContainerActivity activity = new ContainerActivity(clock);
    private final Container running =
            RunningContainer.of("{\"name\":\"box\",\"image\":\"busybox\",\"idleTimeout\":10}");

    @Test
    void countsFromTheStart() {
        activity.follow(running);
        at(9);
        assertThat(activity.idle()).isEmpty();
        assertThat(activity.idleSince(ID)).contains(Instant.EPOCH);
        at(10);
        assertThat(activity.idle()).containsExactly(ID);
    }

    @Test
    void countsFromTheLastUse() {
        activity.follow(running);
        at(9);
        activity.used(ID);
        at(18);
        assertThat(activity.idle()).isEmpty();
        at(19);
        assertThat(activity.idle()).containsExactly(ID);
    }

    @Test
    void isLookedAtHalfAMinuteLaterWhenItCouldNotBeStopped() {
        activity.follow(running);
        at(10);
        activity.lookLater(ID);
        at(39);
        assertThat(activity.idle()).isEmpty();
        at(40);
        assertThat(activity.idle()).containsExactly(ID);
    }

    @Test
    void isNotIdleWhileAnyUseGoesOn() {
        activity.follow(running);
        ContainerActivity.Use one = activity.begin(ID);
        ContainerActivity.Use other = activity.begin(ID);
        at(100);
        one.close();
        one.close();
        assertThat(activity.idleSince(ID)).isEmpty();
        assertThat(activity.idle()).isEmpty();
        other.close();
        assertThat(activity.idleSince(ID)).contains(now.get());
        at(110);
        assertThat(activity.idle()).containsExactly(ID);
    }

    @Test
    void knowsOfAUseThatBeganBeforeItWasFollowed() {
        ContainerActivity.Use early = activity.begin(ID);
        activity.follow(running);
        at(100);
        assertThat(activity.idle()).isEmpty();
        early.close();
        assertThat(activity.idle()).isEmpty();
    }

    @Test
    void doesNotCountWhilePausedOrStopped() {
        activity.follow(running);
        activity.follow(running.in(ContainerState.PAUSED));
        at(100);
        assertThat(activity.idle()).isEmpty();
        assertThat(activity.idleSince(ID)).isEmpty();
        activity.follow(running);
        at(109);
        assertThat(activity.idle()).isEmpty();
        activity.follow(running.wanting(DesiredState.STOPPED));
        at(200);
        assertThat(activity.idle()).isEmpty();
    }

    @Test
    void doesNotTakeARestartByItsPolicyForUse() {
        activity.follow(running);
        at(8);
        activity.follow(running.exited(new Exit(1, false, clock.instant())));
        at(20);
        assertThat(activity.idle()).isEmpty();
        activity.follow(running.restarted(1));
        assertThat(activity.idle()).containsExactly(ID);
    }

    @Test
    void keepsNothingOfOthers() {
        activity.follow(RunningContainer.of("{\"name\":\"box\",\"image\":\"busybox\"}"));
        activity.used(ID);
        at(1_000_000);
        assertThat(activity.idle()).isEmpty();
        assertThat(activity.idleSince(ID)).isEmpty();
    }

    private void at(int second) {
        now.set(Instant.ofEpochSecond(second));
    }
}
