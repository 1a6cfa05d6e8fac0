package io.berth.engine.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CStringTest {

    @Test
    void endsWithNul() throws Exception {
        assertThat(CString.encode("aé")).containsExactly('a', 0xC3, 0xA9, 0);
    }

    @Test
    void keepsBytesThatAreNotUtf8() throws Exception {
        byte[] name = {'a', (byte) 0xFF, 'b', (byte) 0xC3, 'c', (byte) 0xE2, (byte) 0x82, (byte) 0xED, (byte) 0xA0, 0};

        String decoded = CString.decode(name, 0, name.length - 1);

        assertThat(CString.encode(decoded)).isEqualTo(name);
        assertThat(decoded).startsWith("a\uDCFFb");
    }

    @Test
    void keepsCharactersOutsideTheBasicPlane() throws Exception {
        byte[] encoded = CString.encode("😀\uDCFF");

        assertThat(encoded).hasSize(6);
        assertThat(CString.decode(encoded, 0, 5)).isEqualTo("😀\uDCFF");
    }

    @Test
    void refusesNul() {
        assertThatThrownBy(() -> CString.encode("a\0b"))
                .isInstanceOf(ErrnoException.class)
                .hasMessageContaining("a\\0b")
                .hasMessageContaining("EINVAL");
    }

    @Test
    void refusesHalfACharacter() {
        assertThatThrownBy(() -> CString.encode("a\uD83D")).hasMessageContaining("EILSEQ");
    }
}
