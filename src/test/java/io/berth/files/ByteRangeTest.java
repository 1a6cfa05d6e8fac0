package io.berth.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,0,0",
        "bytes=2-5,2,5",
        "bytes=2-,2,9",
        "bytes=2-99,2,9",
        "bytes=-3,7,9",
        "bytes=-99,0,9",
        "BYTES = 1 - 2,1,2",
        "bytes=9-9,9,9"
    })
    void readsOneRange(String header, long first, long last) throws Exception {
        assertThat(ByteRange.parse(header, 10)).contains(new ByteRange(first, last));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5-2",
                "bytes=0-1,3-4",
                "lines=1-2",
                "bytes=a-b",
                "bytes=99999999999999999999-"
            })
    void passesOverWhatIsNoSingleRange(String header) throws Exception {
        assertThat(ByteRange.parse(header, 10)).isEmpty();
        assertThat(ByteRange.parse(null, 10)).isEmpty();
    }

    @Test
    void refusesARangeThatTheFileHasNot() {
        for (String header : new String[] {"bytes=10-", "bytes=10-12", "bytes=-0"}) {
            assertThatThrownBy(() -> ByteRange.parse(header, 10)).isInstanceOf(ByteRange.Unsatisfiable.class);
        }
        assertThatThrownBy(() -> ByteRange.parse("bytes=0-", 0)).isInstanceOf(ByteRange.Unsatisfiable.class);
        assertThatThrownBy(() -> ByteRange.parse("bytes=-5", 0)).isInstanceOf(ByteRange.Unsatisfiable.class);
    }
}
