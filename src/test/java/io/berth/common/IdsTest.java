package io.berth.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    @Test
    void knowsItsOwn() {
        String id = Ids.next("ctr");
        assertThat(Ids.isId("ctr", id)).isTrue();
        assertThat(Ids.isId("exe", id)).isFalse();
        assertThat(Ids.isId("ct", id)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ctr",
                "ctr_",
                "01k9x2c4m8q0v7h3n5p6r1s2t4",
                "ctr_01k9x2c4m8q0v7h3n5p6r1s2t",
                "ctr_01k9x2c4m8q0v7h3n5p6r1s2t44",
                "ctr_01K9X2C4M8Q0V7H3N5P6R1S2T4",
                "ctr_01k9x2c4m8q0v7h3n5p6r1s2ti",
                "ctr_01k9x2c4m8q0v7h3n5p6r1s2t4\n",
                " ctr_01k9x2c4m8q0v7h3n5p6r1s2t4",
                "ctr_../../../etc/passwd-------"
            })
    void refusesWhatIsNone(String text) {
        assertThat(Ids.isId("ctr", text)).isFalse();
    }

    @Test
    void laterIdsSortLater() {
        byte[] random = new byte[16];
        assertThat(Ids.encode(1, random)).isLessThan(Ids.encode(2, random)).hasSize(26);
        assertThat(Ids.encode(31, random)).isLessThan(Ids.encode(32, random));
        assertThat(Ids.encode((1L << 48) - 1, random)).isGreaterThan(Ids.encode(System.currentTimeMillis(), random));
    }
}
