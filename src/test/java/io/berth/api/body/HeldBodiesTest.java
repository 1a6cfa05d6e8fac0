package io.berth.api.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HeldBodiesTest {

    private final HeldBodies bodies = new HeldBodies(100, 2);

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void countsThoseOfAnAddressThatHaveNotArrived() {
        HeldBodies.Held first = bodies.begin("a", false);
        bodies.begin("a", false);
        refused(ErrorCode.RATE_LIMITED, () -> bodies.begin("a", false));
        bodies.begin("b", false);
        first.arrived();
        HeldBodies.Held third = bodies.begin("a", false);
        refused(ErrorCode.RATE_LIMITED, () -> bodies.begin("a", false));
        third.release();
        third.release();
        bodies.begin("a", false);
        refused(ErrorCode.RATE_LIMITED, () -> bodies.begin("a", false));
    }

    @Test
    void givesAnAddressAQuarterAndStrangersAHalfUntilTheAnswer() {
        HeldBodies.Held first = bodies.begin("a", true);
        first.add(25);
        refused(ErrorCode.RATE_LIMITED, () -> first.add(1));
        bodies.begin("b", true).add(25);
        refused(ErrorCode.UNAVAILABLE, () -> bodies.begin("c", true).add(1));
        bodies.begin("d", false).add(25);
        bodies.begin("e", false).add(25);
        refused(ErrorCode.UNAVAILABLE, () -> bodies.begin("f", false).add(1));
        first.arrived();
        refused(ErrorCode.UNAVAILABLE, () -> bodies.begin("g", false).add(1));
        first.release();
        bodies.begin("h", false).add(25);
    }
}
