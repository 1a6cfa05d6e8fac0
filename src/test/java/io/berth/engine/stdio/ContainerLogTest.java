package io.berth.engine.stdio;

import static io.berth.engine.OutputStreamKind.STDERR;
import static io.berth.engine.OutputStreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogTest {

    private static final long SIZE_MAX = 1000;

    @TempDir
    Path directory;

    private static byte[] chunk(int length) {
        byte[] bytes = "x".repeat(length).getBytes(UTF_8);
        bytes[length - 1] = '\n';
        return bytes;
    }

    @Test
    void countsContentOnly() throws IOException {
        ContainerLog log = ContainerLog.prepare(directory, SIZE_MAX);
        try (FakeConmonLog conmon = new FakeConmonLog(log, SIZE_MAX)) {
            assertThat(log.end()).isZero();
            conmon.write(STDOUT, "one\ntwo".getBytes(UTF_8));
            assertThat(log.end()).isEqualTo(7);
            conmon.write(STDERR, "\n\n".getBytes(UTF_8));
            assertThat(log.end()).isEqualTo(9);
        }
    }

    @Test
    void keepsOffsetsAcrossReplacedFiles() throws IOException {
        ContainerLog log = ContainerLog.prepare(directory, SIZE_MAX);
        Random random = new Random(1);
        long offset = 0;
        try (FakeConmonLog conmon = new FakeConmonLog(log, SIZE_MAX)) {
            for (int i = 0; i < 200; i++) {
                int length = 1 + random.nextInt(300);
                conmon.write(STDOUT, chunk(length));
                offset += length;
                assertThat(log.end()).isEqualTo(offset);
            }
        }
        assertThat(log.generations()).hasSize(2).allMatch(Generation::exact);
        assertThat(Files.size(directory.resolve("ctr.log.1"))).isLessThanOrEqualTo(SIZE_MAX);
    }

    @Test
    void keepsOffsetsWhenAFileIsReplacedWhileTheServerIsDown() throws IOException {
        ContainerLog before = ContainerLog.prepare(directory, SIZE_MAX);
        try (FakeConmonLog conmon = new FakeConmonLog(before, SIZE_MAX)) {
            conmon.write(STDOUT, chunk(700));
            conmon.write(STDOUT, chunk(600));
            ContainerLog after = ContainerLog.open(directory);
            assertThat(after.end()).isEqualTo(1300);
            assertThat(after.generations()).allMatch(Generation::exact);
            conmon.write(STDOUT, chunk(500));
            assertThat(ContainerLog.open(directory).end()).isEqualTo(1800);
        }
    }

    @Test
    void showsThatSomethingIsLostWhenSeveralFilesCameAndWentUnseen() throws IOException {
        ContainerLog before = ContainerLog.prepare(directory, SIZE_MAX);
        try (FakeConmonLog conmon = new FakeConmonLog(before, SIZE_MAX)) {
            for (int i = 0; i < 4; i++) {
                conmon.write(STDOUT, chunk(600 + i));
            }
            ContainerLog after = ContainerLog.open(directory);
            // the first file after the one that was known is kept too
            assertThat(after.generations()).hasSize(2);
            assertThat(after.generations().get(0).start()).isEqualTo(600);
            assertThat(after.generations().get(0).exact()).isTrue();
            assertThat(after.generations().get(1).exact()).isFalse();
            assertThat(after.generations().get(1).start()).isGreaterThan(600 + 601);
            assertThat(ContainerLog.open(directory).generations()).isEqualTo(after.generations());
        }
    }

    @Test
    void worksWithAConmonThatDoesNotTakeThePreparedFile() throws IOException {
        ContainerLog log = ContainerLog.prepare(directory, SIZE_MAX);
        long offset = 0;
        for (int i = 0; i < 5; i++) {
            Files.delete(directory.resolve("ctr.log.tmp"));
            try (FakeConmonLog conmon = new FakeConmonLog(log, SIZE_MAX)) {
                conmon.write(STDOUT, chunk(600));
                conmon.write(STDOUT, chunk(600));
            }
            offset += 1200;
            assertThat(log.end()).isEqualTo(offset);
            assertThat(log.generations()).allMatch(Generation::exact);
        }
    }

    @Test
    void completesAnInterruptedReplacement() throws IOException {
        ContainerLog before = ContainerLog.prepare(directory, SIZE_MAX);
        try (FakeConmonLog conmon = new FakeConmonLog(before, SIZE_MAX)) {
            conmon.write(STDOUT, chunk(700));
            conmon.write(STDOUT, chunk(600));
            // the server ends after the first of its steps, then after the second
            Files.move(directory.resolve("ctr.log.keep"), directory.resolve("ctr.log.1"));
            byte[] offsets = Files.readAllBytes(directory.resolve("offsets"));
            assertThat(ContainerLog.open(directory).end()).isEqualTo(1300);
            Files.write(directory.resolve("offsets"), offsets);
            ContainerLog log = ContainerLog.open(directory);
            assertThat(log.end()).isEqualTo(1300);
            assertThat(log.generations()).hasSize(2).allMatch(Generation::exact);
        }
    }

    @Test
    void startsEachProcessAtZeroAndKeepsWhatTheOneBeforeWrote() throws IOException {
        ContainerLog first = ContainerLog.prepare(directory, SIZE_MAX);
        try (FakeConmonLog conmon = new FakeConmonLog(first, SIZE_MAX)) {
            conmon.write(STDOUT, chunk(100));
        }
        Files.writeString(directory.resolve("ctr.log"), "2026-11-24T02:57", StandardOpenOption.APPEND);
        ContainerLog second = ContainerLog.prepare(directory, SIZE_MAX);
        assertThat(second.end()).isZero();
        assertThat(second.generations()).hasSize(1);
        try (FakeConmonLog conmon = new FakeConmonLog(second, SIZE_MAX)) {
            conmon.write(STDOUT, chunk(500));
            assertThat(second.end()).isEqualTo(500);
        }
        ContainerLog third = ContainerLog.prepare(directory, SIZE_MAX);
        assertThat(third.end()).isZero();
        assertThat(third.generations()).hasSize(2);
        assertThat(third.generations().get(0).start()).isEqualTo(-600);
        assertThat(third.generations().get(1).start()).isZero();
    }

    @Test
    void findsTheLineOfEveryOffset() throws IOException {
        ContainerLog log = ContainerLog.prepare(directory, 10_000);
        try (FakeConmonLog conmon = new FakeConmonLog(log, 10_000)) {
            for (int i = 0; i < 100; i++) {
                conmon.write(STDOUT, chunk(200));
                log.rotate();
            }
            long oldest = log.generations().get(0).start();
            long end = log.end();
            assertThat(end).isEqualTo(20_000);
            for (long offset = oldest; offset < end; offset += 37) {
                ContainerLog.Place place = log.placeOf(offset);
                assertThat(place.offset()).isEqualTo(offset / 200 * 200);
                assertThat(place.offset() - place.generation().start()).isEqualTo(place.position() / 245 * 200);
            }
            assertThat(log.placeOf(end).offset()).isEqualTo(end);
            assertThat(log.placeOf(end + 5).offset()).isEqualTo(end);
            assertThat(log.placeOf(-1).offset()).isEqualTo(oldest);
        }
    }

    @Test
    void startsAnewWhenTheOffsetsAreDamaged() throws IOException {
        ContainerLog log = ContainerLog.prepare(directory, SIZE_MAX);
        try (FakeConmonLog conmon = new FakeConmonLog(log, SIZE_MAX)) {
            conmon.write(STDOUT, chunk(10));
        }
        for (String damaged : new String[] {"", "\0\0\0\0", "berth-offsets 1\nnone\n1 2 x true\n"}) {
            Files.writeString(directory.resolve("offsets"), damaged);
            ContainerLog opened = ContainerLog.open(directory);
            assertThat(opened.end()).isEqualTo(10);
            assertThat(opened.generations().get(0).exact()).isFalse();
        }
    }

    @Test
    void refusesAPathThatConmonWouldMisread() {
        assertThatThrownBy(() -> ContainerLog.prepare(directory.resolve("a:b"), SIZE_MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colon");
    }
}
