package io.berth;

import io.berth.common.Directories;
import io.berth.common.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A server's data directory, locked: no second server can use it until this one closes it or ends, however it ends.
 */
public final class DataDirectory implements AutoCloseable {

    private static final Pattern INSTANCE = Pattern.compile("[0-9a-f]{6}");

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes the directory if it is missing, and locks it.
     *
     * @throws StartupException if another server has it, or it cannot be used
     */
    public static DataDirectory open(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            // Others may pass through, to what is theirs below, but not list it.
            Directories.create(path, "rwx--x--x");
            checkSearchable(path);
            return new DataDirectory(path, lock(path.resolve("lock"), path));
        } catch (IOException e) {
            throw new StartupException("the data directory " + path + " cannot be used: " + e, e);
        }
    }

    public Path path() {
        return path;
    }

    /**
     * The name of this instance on the host: 6 hexadecimal digits, made once.
     *
     * @throws StartupException if the file that holds it is damaged
     */
    public static String instance(Path directory) {
        Path file = directory.resolve("instance");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[3];
                new SecureRandom().nextBytes(random);
                PrivateFile.write(file, HexFormat.of().formatHex(random));
            }
            String instance = PrivateFile.read(file);
            if (!INSTANCE.matcher(instance).matches()) {
                throw new StartupException(file + " should hold 6 hexadecimal digits, but holds '" + instance
                        + "': restore it, or use another data directory");
            }
            return instance;
        } catch (IOException e) {
            throw new StartupException("cannot read or write " + file, e);
        }
    }

    /** The database and the first process of a container run as other users, who must get to their files. */
    private static void checkSearchable(Path path) throws IOException {
        for (Path directory = path.toRealPath(); directory != null; directory = directory.getParent()) {
            if (!Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new StartupException("the data directory " + path + " cannot be used: containers and the database"
                        + " run as other users, who cannot pass through " + directory + ". Choose another place"
                        + " (--data-dir), or allow it: chmod o+x " + directory);
            }
        }
    }

    private static FileChannel lock(Path file, Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
                return channel;
            }
        } catch (OverlappingFileLockException lockedByThisProcess) {
            // the same answer as for another process
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new StartupException("another Berth server (pid " + PrivateFile.read(file) + ") uses the data directory "
                + directory + ": stop it, or start this one with another --data-dir");
    }

    /** Lets others use the directory. */
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new StartupException("cannot unlock " + path, e);
        }
    }
}
