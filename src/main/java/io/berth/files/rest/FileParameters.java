package io.berth.files.rest;

import io.berth.common.BerthException;
import io.berth.engine.FileAttributes;
import io.berth.engine.FilePath;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What requests say of files, checked. */
final class FileParameters {

    private static final Pattern MODE = Pattern.compile("0?[0-7]{1,3}");
    private static final int OCTAL = 8;
    private static final int HIGHEST_ID = 65_535;

    private FileParameters() {}

    /** @param pointer names the field in the answer, {@code ?path} or {@code /path} */
    static FilePath path(String pointer, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw BerthException.invalidField(pointer, "is required: an absolute path in the container");
        }
        try {
            return FilePath.parse(text);
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField(pointer, String.valueOf(e.getMessage()));
        }
    }

    /** @param prefix of the fields' names, {@code ?} or {@code /} */
    static FileAttributes attributes(
            String prefix, @Nullable String mode, @Nullable Integer uid, @Nullable Integer gid) {
        if (mode != null && !MODE.matcher(mode).matches()) {
            throw BerthException.invalidField(prefix + "mode", "must be octal permissions such as 0644, at most 0777");
        }
        checkId(prefix + "uid", uid);
        checkId(prefix + "gid", gid);
        return new FileAttributes(mode == null ? null : Integer.parseInt(mode, OCTAL), uid, gid);
    }

    private static void checkId(String pointer, @Nullable Integer id) {
        if (id != null && (id < 0 || id > HIGHEST_ID)) {
            throw BerthException.invalidField(pointer, "must be 0 to " + HIGHEST_ID);
        }
    }
}
