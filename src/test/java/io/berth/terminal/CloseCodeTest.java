package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.common.ErrorCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseCodeTest {

    @Test
    void areAllDifferent() {
        assertThat(Arrays.stream(CloseCode.values()).map(CloseCode::value)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void standForEveryFailureOfAService(ErrorCode code) {
        assertThat(CloseCode.of(code)).isNotNull().isNotEqualTo(CloseCode.NORMAL);
    }

    @Test
    void sayWhatTheDocumentationSays() {
        assertThat(CloseCode.of(ErrorCode.UNAUTHENTICATED).value()).isEqualTo((short) 4401);
        assertThat(CloseCode.of(ErrorCode.FORBIDDEN).value()).isEqualTo((short) 4403);
        assertThat(CloseCode.of(ErrorCode.CONTAINER_NOT_FOUND).value()).isEqualTo((short) 4404);
        assertThat(CloseCode.of(ErrorCode.WRONG_STATE).value()).isEqualTo((short) 4409);
        assertThat(CloseCode.of(ErrorCode.QUOTA_EXCEEDED).value()).isEqualTo((short) 4429);
        assertThat(CloseCode.IDLE.value()).isEqualTo((short) 4408);
    }
}
