package io.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FilePathTest {

    @Test
    void normalises() {
        assertThat(FilePath.parse("/")).isEqualTo(FilePath.ROOT);
        assertThat(FilePath.parse("//./")).isEqualTo(FilePath.ROOT);
        assertThat(FilePath.parse("/a//b/./c/").value()).isEqualTo("/a/b/c");
        assertThat(FilePath.parse("/..a/b..").value()).isEqualTo("/..a/b..");
    }

    @Test
    void refusesWhatCannotBe() {
        for (String text : new String[] {
            "",
            "a",
            "./a",
            "/..",
            "/a/../b",
            "/a/..",
            "/a\0b",
            "/" + "x".repeat(256),
            "/" + "é".repeat(128),
            "/a".repeat(2048)
        }) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> FilePath.parse(text));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new FilePath("/a/"));
    }

    @Test
    void knowsItsParts() {
        FilePath path = FilePath.parse("/a/b");
        assertThat(path.name()).isEqualTo("b");
        assertThat(path.parent().value()).isEqualTo("/a");
        assertThat(path.parent().parent()).isEqualTo(FilePath.ROOT);
        assertThat(FilePath.ROOT.parent()).isEqualTo(FilePath.ROOT);
        assertThat(path.parent().isAbove(path)).isTrue();
        assertThat(FilePath.ROOT.isAbove(path)).isTrue();
        assertThat(path.isAbove(path)).isFalse();
        assertThat(path.isAbove(FilePath.parse("/a/bc"))).isFalse();
    }
}
