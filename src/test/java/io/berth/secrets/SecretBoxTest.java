package io.berth.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretBoxTest {

    private static final byte[] PLAIN = "hunter2".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve(SecretKeyFile.NAME);
    }

    private SecretBox box() {
        return SecretBox.open(file());
    }

    @Test
    void makesAKeyFileForItsOwnerAlone() throws Exception {
        byte[] sealed = box().seal(PLAIN, "a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(box().open(sealed, "a")).isEqualTo(PLAIN);
        assertThat(directory.toFile().list()).containsExactly(SecretKeyFile.NAME);
    }

    @Test
    void opensOnlyInTheContextItWasSealedFor() {
        byte[] sealed = box().seal(PLAIN, "registry:acme:ghcr.io");
        for (String other : new String[] {"registry:other:ghcr.io", "registry:acme:docker.io", ""}) {
            refuses(() -> box().open(sealed, other));
        }
    }

    @Test
    void tellsAnyChangedByte() {
        SecretBox box = box();
        byte[] sealed = box.seal(PLAIN, "a");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            refuses(() -> box.open(changed, "a"));
            byte[] cut = Arrays.copyOf(sealed, i);
            refuses(() -> box.open(cut, "a"));
        }
    }

    @Test
    void sealsTheSameDifferentlyEachTime() {
        SecretBox box = box();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            seen.add(Arrays.toString(box.seal(PLAIN, "a")));
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void opensWithOldKeysAndSealsWithTheFirst() throws Exception {
        byte[] old = box().seal(PLAIN, "a");
        String oldKey = Files.readString(file());
        Files.delete(file());
        byte[] fresh = box().seal(PLAIN, "a");
        refuses(() -> box().open(old, "a"));
        Files.writeString(file(), "# the one before\n" + Files.readString(file()) + "\n" + oldKey);
        SecretBox both = box();
        assertThat(both.open(old, "a")).isEqualTo(PLAIN);
        assertThat(both.open(fresh, "a")).isEqualTo(PLAIN);
        assertThat(both.isCurrent(old)).isFalse();
        assertThat(both.isCurrent(fresh)).isTrue();
    }

    @Test
    void refusesAFileThatOthersCanRead() throws Exception {
        box();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(this::box)
                .isInstanceOf(SecretKeyException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("chmod 600");
    }

    @Test
    void saysWhatIsWrongWithADamagedFile() throws Exception {
        box();
        for (String content : new String[] {"", "# nothing\n", "not base64!\n", "c2hvcnQ=\n"}) {
            Files.writeString(file(), content);
            assertThatThrownBy(this::box)
                    .as(content)
                    .isInstanceOf(SecretKeyException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("backup");
        }
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SECRET_UNREADABLE));
    }
}
