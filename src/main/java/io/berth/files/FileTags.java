package io.berth.files;

import io.berth.engine.FileInfo;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Entity tags of files (RFC 9110 §8.8.3). A file has another tag when it is another file, has another size, or was changed at another
 * time by the kernel's clock, which nobody inside can turn back. The number of its device is no part of it: a stopped container's file
 * system has another each time.
 */
public final class FileTags {

    private FileTags() {}

    /** As it stands in the {@code ETag} header. */
    public static String of(FileInfo file) {
        return '"'
                + Long.toUnsignedString(file.inode(), 36)
                + '-'
                + Long.toUnsignedString(file.size(), 36)
                + '-'
                + text(file.modifiedAt())
                + '-'
                + text(file.changedAt())
                + '"';
    }

    private static String text(Instant time) {
        return Long.toString(time.getEpochSecond(), 36) + '.' + Integer.toString(time.getNano(), 36);
    }

    /** Whether a list of tags, or {@code *}, has this one. Weak ones match for reading only. */
    public static boolean matches(@Nullable String header, String tag, boolean weak) {
        if (header == null) {
            return false;
        }
        return header.strip().equals("*")
                || Arrays.stream(header.split(",", -1))
                        .map(String::strip)
                        .map(other -> weak && other.startsWith("W/") ? other.substring(2) : other)
                        .anyMatch(tag::equals);
    }

    /**
     * Passes if what is there is what the client means.
     *
     * @param present {@code null} if there is nothing
     * @throws io.berth.common.BerthException {@code PRECONDITION_FAILED}
     */
    static void check(@Nullable String ifMatch, @Nullable String ifNoneMatch, @Nullable FileInfo present) {
        if (ifMatch != null && (present == null || !matches(ifMatch, of(present), false))) {
            throw FileErrors.changed(
                    present == null ? "the file is not there" : "the file was changed: its ETag is " + of(present));
        }
        if (ifNoneMatch != null && present != null && matches(ifNoneMatch, of(present), true)) {
            throw FileErrors.changed("the file is there already: its ETag is " + of(present));
        }
    }
}
