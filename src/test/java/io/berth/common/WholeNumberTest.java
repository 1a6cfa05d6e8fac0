package io.berth.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WholeNumberTest {

    @Test
    void takesWhatIsWithinItsBounds() {
        assertThat(new WholeNumber.Positive().convert(" 2147483647 ")).isEqualTo(Integer.MAX_VALUE);
        assertThat(new WholeNumber.OfThreads().convert("1")).isEqualTo(1);
        assertThat(new WholeNumber.NotNegative().convert("0")).isZero();
        assertThat(new WholeNumber.UpToThousand().convert("1000")).isEqualTo(1000);
    }

    @Test
    void refusesTheRestInWords() {
        for (String text : new String[] {"0", "-1", "", "x", "1.5", "2147483648", "99999999999999999999"}) {
            assertThatThrownBy(() -> new WholeNumber.Positive().convert(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("must be a whole number of 1 or more");
        }
        assertThatThrownBy(() -> new WholeNumber.OfThreads().convert("151"))
                .hasMessage("must be a whole number of 1 to 150");
    }
}
