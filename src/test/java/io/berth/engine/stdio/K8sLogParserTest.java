package io.berth.engine.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.OutputStreamKind;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class K8sLogParserTest {

    private final LogLine line = new LogLine();

    private boolean parse(String text) {
        byte[] bytes = ("garbage" + text + "\n").getBytes(UTF_8);
        return K8sLogParser.parse(bytes, 7, bytes.length - 1, line);
    }

    @Test
    void readsAWholeLine() {
        assertThat(parse("2026-11-24T02:57:22.123456789+00:00 stdout F hello world"))
                .isTrue();
        assertThat(line.kind).isEqualTo(OutputStreamKind.STDOUT);
        assertThat(line.complete).isTrue();
        assertThat(new String(line.text(), UTF_8)).isEqualTo("hello world");
        assertThat(line.contentLength()).isEqualTo(12);
        assertThat(line.at()).isEqualTo(Instant.parse("2026-11-24T02:57:22.123456789Z"));
    }

    @Test
    void readsAPartOfALine() {
        assertThat(parse("2026-11-24T02:57:22.000000001+02:30 stderr P  $ ")).isTrue();
        assertThat(line.kind).isEqualTo(OutputStreamKind.STDERR);
        assertThat(line.complete).isFalse();
        assertThat(new String(line.text(), UTF_8)).isEqualTo(" $ ");
        assertThat(line.contentLength()).isEqualTo(3);
        assertThat(line.at()).isEqualTo(Instant.parse("2026-11-24T00:27:22.000000001Z"));
    }

    @Test
    void readsAnEmptyLineAndATimeInUtc() {
        assertThat(parse("2026-11-24T02:57:22Z stdout F ")).isTrue();
        assertThat(line.contentLength()).isEqualTo(1);
        assertThat(line.at()).isEqualTo(Instant.parse("2026-11-24T02:57:22Z"));
    }

    @Test
    void doesNotTakeDamagedLinesForLines() {
        String whole = "2026-11-24T02:57:22.123456789+00:00 stdout F x";
        for (int length = 0; length < whole.length() - 1; length++) {
            assertThat(parse(whole.substring(0, length)))
                    .as(whole.substring(0, length))
                    .isFalse();
        }
        assertThat(parse("2026-11-24T02:57:22.123456789+00:00 stdxxx F hello")).isFalse();
        assertThat(parse("2026-11-24T02:57:22.123456789+00:00 stdout X hello")).isFalse();
        assertThat(parse("\0".repeat(100))).isFalse();
        assertThat(parse(" ".repeat(100))).isFalse();
    }

    @Test
    void readsAnyDateWithoutAnError() {
        assertThat(parse("2026-99-24T02:57:22.123456789+00:00 stdout F x")).isTrue();
        assertThat(line.at()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void survivesAnything() {
        Random random = new Random(4711);
        byte[] valid = "2026-11-24T02:57:22.123456789+00:00 stdout F some text".getBytes(UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = valid.clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            if (K8sLogParser.parse(bytes, 0, random.nextInt(bytes.length), line)) {
                assertThat(line.at()).isNotNull();
            }
        }
    }

    @Test
    void findsLineFeedsAtEveryPlace() {
        for (int at = 0; at < 40; at++) {
            byte[] bytes = new byte[40];
            java.util.Arrays.fill(bytes, (byte) 0x8A);
            bytes[at] = '\n';
            for (int from = 0; from < 40; from++) {
                assertThat(LineFeeds.next(bytes, from, 40)).isEqualTo(from <= at ? at : -1);
                assertThat(LineFeeds.last(bytes, 0, from)).isEqualTo(at < from ? at : -1);
            }
        }
    }
}
