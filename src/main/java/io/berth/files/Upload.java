package io.berth.files;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a client sends, received whole before anything is done with it: a slow client must not make the container wait. It lies in the
 * data directory in a file without a name, which is gone with its descriptor, however the server ends.
 */
final class Upload implements AutoCloseable {

    private static final int BUFFER = 128 << 10;

    private final FileChannel file;

    private Upload(FileChannel file) {
        this.file = file;
    }

    /**
     * Receives a body to its end. Blocks as long as the client takes, and may.
     *
     * @throws BerthException {@code TOO_LARGE}, {@code BAD_REQUEST} if it breaks off, {@code NO_SPACE}
     */
    static Upload receive(Path directory, InputStream body, long most) {
        FileChannel file = null;
        try {
            file = open(directory);
            long count = 0;
            byte[] buffer = new byte[BUFFER];
            for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
                count += n;
                if (count > most) {
                    throw FileErrors.tooLarge(most);
                }
                ByteBuffer part = ByteBuffer.wrap(buffer, 0, n);
                while (part.hasRemaining()) {
                    file.write(part);
                }
            }
            return new Upload(file);
        } catch (IOException e) {
            close(file);
            throw String.valueOf(e.getMessage()).contains("No space left on device")
                    ? new BerthException(ErrorCode.NO_SPACE, "no space left for the upload in the data directory", e)
                    : new BerthException(ErrorCode.INTERNAL, "the upload could not be kept", e);
        } catch (RuntimeException e) {
            close(file);
            throw e;
        }
    }

    private static FileChannel open(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path name = Files.createTempFile(directory, "upload-", "");
        try {
            return FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.deleteIfExists(name);
        }
    }

    private static int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new BerthException(ErrorCode.BAD_REQUEST, "the body broke off: " + e.getMessage(), e);
        }
    }

    /** From its beginning; not to be closed. */
    InputStream content() throws IOException {
        return Channels.newInputStream(file.position(0));
    }

    private static void close(@org.jspecify.annotations.Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        close(file);
    }
}
