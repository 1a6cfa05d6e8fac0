package io.berth.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {

    @ParameterizedTest
    @CsvSource({
        "SIGTERM,15",
        "term,15",
        "9,9",
        "SIGKILL,9",
        "SIGWINCH,28",
        "SIGSYS,31",
        "RTMIN,34",
        "SIGRTMIN+3,37",
        "64,64"
    })
    void readsNamesAndNumbers(String text, int number) {
        assertThat(Signals.parse(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65", "-9", "SIG", "SIGNOPE", "RTMIN+40", "15.0"})
    void refusesWhatIsNoSignal(String text) {
        assertThatThrownBy(() -> Signals.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
