package io.berth.engine.stdio;

import static io.berth.engine.OutputStreamKind.STDERR;
import static io.berth.engine.OutputStreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.berth.engine.LogEntry;
import io.berth.engine.LogReader.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogReaderTest {

    private static final long SIZE_MAX = 2000;

    @TempDir
    Path directory;

    private LogWatcher watcher;
    private ContainerLog log;
    private FakeConmonLog conmon;

    @BeforeEach
    void start() throws IOException {
        watcher = new LogWatcher();
        log = ContainerLog.prepare(directory, SIZE_MAX);
        watcher.watch(log);
        conmon = new FakeConmonLog(log, SIZE_MAX);
    }

    @AfterEach
    void stop() throws IOException {
        conmon.close();
        watcher.forget(log);
        watcher.close();
    }

    private ContainerLogReader reader(Start start) throws IOException {
        return new ContainerLogReader(log, watcher, start);
    }

    private List<String> read(Start start) throws IOException {
        try (ContainerLogReader reader = reader(start)) {
            return texts(reader);
        }
    }

    private static List<String> texts(ContainerLogReader reader) throws IOException {
        List<String> texts = new ArrayList<>();
        List<LogEntry> entries;
        while (!(entries = reader.next(7)).isEmpty()) {
            assertThat(entries).hasSizeLessThanOrEqualTo(7);
            entries.forEach(entry -> texts.add(new String(entry.text(), UTF_8)));
        }
        return texts;
    }

    private static Start tail(int lines) {
        return new Start(null, null, lines);
    }

    private void write(String text) throws IOException {
        conmon.write(STDOUT, text.getBytes(UTF_8));
    }

    @Test
    void readsEntriesWithKindTimeAndCompleteness() throws IOException {
        Instant at = Instant.parse("2026-01-02T03:04:05.000000006Z");
        conmon.write(at, STDOUT, "one\ntw".getBytes(UTF_8));
        conmon.write(at, STDERR, "oops\n".getBytes(UTF_8));
        try (ContainerLogReader reader = reader(Start.BEGINNING)) {
            assertThat(reader.next(10))
                    .satisfiesExactly(
                            entry -> {
                                assertThat(entry.at()).isEqualTo(at);
                                assertThat(entry.stream()).isEqualTo(STDOUT);
                                assertThat(entry.complete()).isTrue();
                            },
                            entry -> {
                                assertThat(entry.text()).isEqualTo("tw".getBytes(UTF_8));
                                assertThat(entry.complete()).isFalse();
                            },
                            entry -> assertThat(entry.stream()).isEqualTo(STDERR));
            assertThat(reader.next(10)).isEmpty();
        }
    }

    @Test
    void mergesTheFileBeforeAndThePresentOne() throws IOException {
        writeNumbered(60);
        List<String> all = read(Start.BEGINNING);
        assertThat(log.generations()).hasSize(2);
        assertThat(all).endsWith("line 58", "line 59").isEqualTo(numbered(60 - all.size(), 60));
    }

    @Test
    void goesOnAtTheCursorOfEveryEntry() throws IOException {
        writeNumbered(60);
        List<LogEntry> entries;
        try (ContainerLogReader reader = reader(Start.BEGINNING)) {
            entries = reader.next(1000);
        }
        int first = 60 - entries.size();
        for (int i = 0; i < entries.size(); i++) {
            assertThat(read(new Start(entries.get(i).cursor(), null, 3))).isEqualTo(numbered(first + i + 1, 60));
        }
    }

    @Test
    void beginsAtTheOldestEntryForACursorThatIsGone() throws IOException {
        write("early\n");
        String cursor;
        try (ContainerLogReader reader = reader(Start.BEGINNING)) {
            cursor = reader.next(1).get(0).cursor();
        }
        writeNumbered(200);
        List<String> all = read(Start.BEGINNING);
        assertThat(read(new Start(cursor, null, null))).isEqualTo(all);
    }

    @Test
    void refusesWhatIsNoCursor() throws IOException {
        write("line\n");
        for (String nonsense : List.of("", "???", "AAAA", new LogCursor(7, -1).encode())) {
            assertThatIllegalArgumentException().isThrownBy(() -> read(new Start(nonsense, null, null)));
        }
    }

    @Test
    void countsTheLastLinesOfOneStream() throws IOException {
        conmon.write(STDERR, "a\nb\n".getBytes(UTF_8));
        writeNumbered(5);
        conmon.write(STDERR, "c".getBytes(UTF_8));
        write("end\n");
        // those of the other stream between them are read, too
        assertThat(read(new Start(null, null, 1, STDERR)))
                .startsWith("line 0")
                .endsWith("c", "end")
                .hasSize(7);
        assertThat(read(new Start(null, null, 2, STDERR)))
                .startsWith("b", "line 0")
                .hasSize(8);
        assertThat(read(new Start(null, null, 1, STDOUT))).containsExactly("c", "end");
        assertThat(read(new Start(null, null, 9, STDERR))).hasSize(9);
    }

    @Test
    void readsTheLastLines() throws IOException {
        writeNumbered(60);
        int kept = read(Start.BEGINNING).size();
        for (int lines = 0; lines <= kept; lines++) {
            assertThat(read(tail(lines))).isEqualTo(numbered(60 - lines, 60));
        }
        assertThat(read(tail(1_000_000))).isEqualTo(numbered(60 - kept, 60));
    }

    @Test
    void countsPartsOfALineAsOneLine() throws IOException {
        write("first\n");
        write("sec");
        write("ond\nthi");
        write("rd");
        assertThat(read(tail(1))).containsExactly("thi", "rd");
        assertThat(read(tail(2))).containsExactly("sec", "ond", "thi", "rd");
        assertThat(read(tail(3))).containsExactly("first", "sec", "ond", "thi", "rd");
    }

    @Test
    void readsTheLastLinesOfALogLongerThanABlock() throws IOException {
        Path other = directory.resolve("other");
        ContainerLog big = ContainerLog.prepare(other, 10 << 20);
        try (FakeConmonLog writer = new FakeConmonLog(big, 10 << 20)) {
            String text = "y".repeat(8000);
            for (int i = 0; i < 100; i++) {
                writer.write(STDOUT, (i + text + "\n").getBytes(UTF_8));
            }
        }
        for (int lines : new int[] {1, 7, 8, 9, 50, 99, 100}) {
            try (ContainerLogReader reader = new ContainerLogReader(big, watcher, tail(lines))) {
                List<LogEntry> entries = reader.next(1000);
                assertThat(entries).hasSize(lines);
                assertThat(new String(entries.get(0).text(), UTF_8)).startsWith((100 - lines) + "y");
            }
        }
        watcher.forget(big);
    }

    @Test
    void readsEntriesSinceATime() throws IOException {
        for (int i = 0; i < 10; i++) {
            conmon.write(Instant.ofEpochSecond(1000 + i), STDOUT, (i + "\n").getBytes(UTF_8));
        }
        assertThat(read(new Start(null, Instant.ofEpochSecond(1007), null))).containsExactly("7", "8", "9");
        assertThat(read(new Start(null, Instant.ofEpochSecond(1007), 2))).containsExactly("8", "9");
    }

    @Test
    void passesOverWhatACrashLeft() throws IOException {
        write("before\n");
        Files.write(log.liveFile(), new byte[200_000], StandardOpenOption.APPEND);
        Files.writeString(log.liveFile(), "\n2026-11-24T0\n\n", StandardOpenOption.APPEND);
        write("after\n");
        assertThat(read(Start.BEGINNING)).containsExactly("before", "after");
        assertThat(read(tail(2))).containsExactly("before", "after");
        assertThat(log.end()).isEqualTo(13);
    }

    @Test
    void leavesALineThatIsNotYetWholeForLater() throws IOException {
        write("one\n");
        try (ContainerLogReader reader = reader(Start.BEGINNING)) {
            assertThat(texts(reader)).containsExactly("one");
            Files.writeString(
                    log.liveFile(), "2026-11-24T02:57:22.123456789+00:00 stdout F tw", StandardOpenOption.APPEND);
            assertThat(texts(reader)).isEmpty();
            Files.writeString(log.liveFile(), "o\n", StandardOpenOption.APPEND);
            assertThat(texts(reader)).containsExactly("two");
        }
    }

    @Test
    void followsAcrossReplacedFilesWithoutLoss() throws IOException {
        try (ContainerLogReader reader = reader(Start.BEGINNING)) {
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                write("line " + i + "\n");
                if (i % 25 == 0) {
                    seen.addAll(texts(reader));
                }
            }
            seen.addAll(texts(reader));
            assertThat(seen).isEqualTo(numbered(0, 300));
        }
    }

    @Test
    void callsBackOnceWhenTheLogGrows() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        try (ContainerLogReader reader = reader(Start.BEGINNING)) {
            reader.onMore(calls::incrementAndGet);
            assertThat(calls).hasValue(0);
            write("one\n");
            await().untilAsserted(() -> assertThat(calls).hasValue(1));
            write("two\n");
            assertThat(texts(reader)).hasSize(2);
            write("three\n");
            // it is there already
            reader.onMore(calls::incrementAndGet);
            await().untilAsserted(() -> assertThat(calls).hasValue(2));
        }
    }

    @Test
    void keepsReplacedFilesWithoutAnyReader() throws IOException {
        for (int i = 0; i < 20; i++) {
            long sequence = log.generations().get(log.generations().size() - 1).sequence();
            writeNumbered(42);
            int before = i;
            await().untilAsserted(() -> assertThat(log.generations().get(1).sequence())
                    .as("replacement %d", before)
                    .isGreaterThan(sequence));
        }
        assertThat(log.generations()).allMatch(Generation::exact);
    }

    private void writeNumbered(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            write("line " + i + "\n");
            if (i % 20 == 0) {
                log.rotate();
            }
        }
    }

    private static List<String> numbered(int from, int to) {
        List<String> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            lines.add("line " + i);
        }
        return lines;
    }
}
