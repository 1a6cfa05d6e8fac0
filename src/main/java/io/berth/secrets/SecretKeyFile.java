package io.berth.secrets;

import io.berth.common.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The key file: one key a line, 32 bytes in base64. The first seals; all of them open, so that a key can be replaced while
 * secrets are still sealed with the old one. Lines that begin with {@code #} are remarks.
 */
public final class SecretKeyFile {

    public static final String NAME = "secret.key";

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final int MOST_BYTES = 64 << 10;

    private SecretKeyFile() {}

    /**
     * Reads the keys, the sealing one first.
     *
     * @throws SecretKeyException if others may read the file, or it does not hold keys
     */
    static List<SecretKey> read(Path file) {
        check(file);
        try {
            List<SecretKey> keys = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                if (!text.isEmpty() && !text.startsWith("#")) {
                    keys.add(parse(file, keys.size() + 1, text));
                }
            }
            if (keys.isEmpty()) {
                throw damaged(file, "it holds no key");
            }
            return keys;
        } catch (IOException e) {
            throw damaged(file, "it cannot be read (" + e.getMessage() + ")");
        }
    }

    /**
     * Passes if there is no such file yet, or one that only its owner can read and that can be a key file.
     *
     * @throws SecretKeyException if not
     */
    public static void check(Path file) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw damaged(file, "it is no key file");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(permissions)) {
                throw new SecretKeyException("others than its owner may use " + file + " ("
                        + PosixFilePermissions.toString(permissions) + "): chmod 600 " + file
                        + ", and replace the key if somebody may have read it (docs/secrets.md)");
            }
        } catch (IOException e) {
            throw damaged(file, "it cannot be looked at (" + e.getMessage() + ")");
        }
    }

    /** Makes the file with a new key unless there is one. It is on disk when this returns. @return whether it was made */
    static boolean ensure(Path file) {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            PrivateFile.write(file, SecretKey.generate(new SecureRandom()));
            try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
            return true;
        } catch (IOException e) {
            throw new SecretKeyException("the key file " + file + " cannot be made: " + e.getMessage());
        }
    }

    private static SecretKey parse(Path file, int number, String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == SecretKey.BYTES) {
                return SecretKey.of(bytes);
            }
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        throw damaged(file, "its key " + number + " is not 32 bytes in base64");
    }

    private static SecretKeyException damaged(Path file, String why) {
        return new SecretKeyException(
                "the key file " + file + " is damaged: " + why
                        + ". Restore it from a backup; without it the secrets in the database cannot be opened (docs/secrets.md)");
    }
}
