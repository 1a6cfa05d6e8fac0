package io.berth.images.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.engine.HostLayout;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.images.content.ContentLimits;
import io.berth.images.content.ContentStore;
import io.berth.images.content.TarBuilder;
import io.berth.testing.RequiresRoot;
import io.berth.testing.SmallDisk;
import io.berth.testing.SmallDisk.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The disk has room for none of what an import writes, then for a little, then for more, until all fits. */
@RequiresRoot
@NullUnmarked
class FullDiskImportIT {

    private static final int MOST = 100;

    private final byte[] first = new TarBuilder()
            .directory("bin", 0755)
            .file("bin/sh", 0755, new byte[20_000])
            .file("bin/ls", 0755, new byte[20_000])
            .build();
    private final byte[] second = new TarBuilder().file("srv/app", "1").build();

    @TempDir
    Path data;

    private SmallDisk disk;
    private ContentStore store;

    @BeforeEach
    void open() throws IOException {
        disk = SmallDisk.mount(data);
        store = ContentStore.open(
                new HostLayout(data, data.resolve("run"), "abcdef"), new JnrSyscalls(), ContentLimits.DEFAULT);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        disk.close();
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingOfWhatDoesNotFit(Room room) throws IOException {
        byte[] archive = DockerArchive.docker(first, second);
        List<Path> before = content();
        int some = 0;
        while (!fits(archive, room, some)) {
            await().untilAsserted(() -> assertThat(content()).isEqualTo(before));
            assertThat(some++).isLessThan(MOST);
        }
        assertThat(some).isGreaterThan(10);
    }

    private boolean fits(byte[] archive, Room room, int some) throws IOException {
        disk.leave(room, some);
        try {
            WholeImport.load(store, archive);
            return true;
        } catch (BerthException e) {
            assertThat(e.code()).as("with room for %d: %s", some, e).isEqualTo(ErrorCode.NO_SPACE);
            return false;
        } finally {
            disk.leavePlenty();
        }
    }

    private List<Path> content() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.sorted().toList();
        }
    }
}
