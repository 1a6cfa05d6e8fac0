package io.berth.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "zwölf", "\uD83D\uDEA2 ship", "\u0001\u001b[31m"})
    void letsWholeCharactersPass(String text) {
        assertThat(Texts.isPassable(text)).isTrue();
        assertThat(Texts.isUnicode(text)).isTrue();
        assertThat(Texts.printable(text)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDEA2", "a\uD83Db", "\uDEA2\uD83D", "\uD83D\uD83D\uDEA2"})
    void knowsHalfACharacter(String text) {
        assertThat(Texts.isUnicode(text)).isFalse();
        assertThat(Texts.isPassable(text)).isFalse();
        assertThat(Texts.isUnicode(Texts.printable(text))).isTrue();
    }

    @Test
    void replacesOnlyTheHalves() {
        assertThat(Texts.printable("a\uD83Db")).isEqualTo("a\uFFFDb");
        assertThat(Texts.printable("\uD83D\uD83D\uDEA2")).isEqualTo("\uFFFD\uD83D\uDEA2");
    }

    @Test
    void shortensManyTexts() {
        assertThat(Texts.shorten(List.of("sh", "-c", "echo"), 8)).containsExactly("sh", "-c", "echo");
        assertThat(Texts.shorten(List.of("sh", "-c", "echo", "x"), 8)).containsExactly("sh", "-c", "echo", "…");
        assertThat(Texts.shorten(List.of("sh", "-c", "echo", "x"), 7)).containsExactly("sh", "-c", "ech…");
        assertThat(Texts.shorten(List.of("", "", ""), 0)).containsExactly("", "", "");
    }

    @Test
    void shortensBetweenCharacters() {
        assertThat(Texts.shorten(List.of("a\uD83D\uDEA2b"), 2)).containsExactly("a…");
        assertThat(Texts.shorten(List.of("a\uD83D\uDEA2b"), 3)).containsExactly("a\uD83D\uDEA2…");
        assertThat(Texts.shorten("x".repeat(99) + "\uD83D\uDEA2")).isEqualTo("x".repeat(99) + "…");
    }

    @Test
    void aNulCannotBePassed() {
        assertThat(Texts.isPassable("a\0b")).isFalse();
        assertThat(Texts.isUnicode("a\0b")).isTrue();
    }
}
