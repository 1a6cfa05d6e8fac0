package io.berth.files.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.berth.engine.FileInfo;
import io.berth.engine.FileListing;
import io.berth.engine.FilePath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An entry as the API shows it.
 *
 * @param path of the one that was asked for
 * @param entries of a directory that is listed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FileView(
        @Nullable String path,
        String name,
        String type,
        long size,
        String mode,
        int uid,
        int gid,
        Instant modifiedAt,
        @Nullable String linkTarget,
        @Nullable List<FileView> entries,
        @Nullable Boolean truncated) {

    static FileView of(FilePath path, FileInfo info) {
        return of(path, info, null);
    }

    static FileView of(FilePath path, FileInfo info, @Nullable FileListing listing) {
        return view(
                info,
                path.value(),
                listing == null
                        ? null
                        : listing.entries().stream()
                                .map(entry -> view(entry, null, null, null))
                                .toList(),
                listing == null ? null : listing.truncated());
    }

    private static FileView view(
            FileInfo info, @Nullable String path, @Nullable List<FileView> entries, @Nullable Boolean truncated) {
        return new FileView(
                path == null ? null : shown(path),
                shown(info.name()),
                info.type().name().toLowerCase(Locale.ROOT),
                info.size(),
                String.format(Locale.ROOT, "%04o", info.mode()),
                info.uid(),
                info.gid(),
                info.modifiedAt(),
                info.linkTarget() == null ? null : shown(info.linkTarget()),
                entries,
                truncated);
    }

    /** A byte that is no text, which is a lone surrogate here, cannot stand in JSON. */
    private static String shown(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
