package io.berth.files;

import io.berth.common.BerthException;
import io.berth.common.Directories;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerActivity;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerFileException;
import io.berth.engine.ContainerFileSystem;
import io.berth.engine.ContainerFileSystem.Written;
import io.berth.engine.EngineException;
import io.berth.engine.FileAttributes;
import io.berth.engine.FileInfo;
import io.berth.engine.FileListing;
import io.berth.engine.FilePath;
import io.berth.engine.FileWrite;
import io.berth.engine.HostLayout;
import io.berth.images.content.PackedStream;
import io.berth.images.content.TarFormatException;
import io.berth.images.content.TarReader;
import io.berth.tenants.Slots;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of containers, in whatever state these are. The caller has found the container, and so checked the tenant. Everything
 * blocks: for the disk, and what receives a body for its client.
 */
@ApplicationScoped
public class FileService {

    /** Entries of a directory that are shown at most. */
    public static final int MOST_SHOWN = 10_000;

    private static final int TAR_HEADER_BYTES = 1 << 20;

    private final ContainerEngine engine;
    private final ContainerActivity activity;
    private final FilesConfig config;
    private final Path spool;
    private final Slots uploads;
    private final Slots downloads;
    private final Slots archives;
    private final Slots requests;

    FileService(ContainerEngine engine, ContainerActivity activity, FilesConfig config, HostLayout layout) {
        this.engine = engine;
        this.activity = activity;
        this.config = config;
        this.spool = layout.dataDir().resolve("uploads");
        this.uploads = new Slots("uploads", config.uploadsPerTenant(), config.uploads());
        this.downloads = new Slots("downloads", config.downloadsPerTenant(), config.downloads());
        this.archives = new Slots("archives", config.archivesPerTenant(), config.archives());
        this.requests = new Slots("requests for files", config.requestsPerTenant(), config.requests());
    }

    /**
     * A directory with its entries, or something else by itself.
     *
     * @param listing {@code null} if it is no directory
     */
    public record View(FileInfo info, @Nullable FileListing listing) {}

    /** What an archive has come to. @param skipped devices and FIFOs, which are never made */
    public record Unpacked(int entries, int skipped) {}

    /**
     * The entry itself, a link for example.
     *
     * @throws BerthException as {@link FileErrors} has them, this and all others
     */
    public FileInfo stat(ContainerHandle container, FilePath path) {
        return shortly(container, () -> files(container).stat(path));
    }

    /** A directory's entries, also where a link leads to one; anything else is the entry itself. */
    public View view(ContainerHandle container, FilePath path) {
        return shortly(container, () -> {
            try {
                FileListing listing = files(container).list(path, MOST_SHOWN);
                return new View(listing.directory(), listing);
            } catch (ContainerFileException e) {
                boolean mayBeALink = e.problem() == ContainerFileException.Problem.NOT_FOUND
                        || e.problem() == ContainerFileException.Problem.NOT_A_DIRECTORY
                        || e.problem() == ContainerFileException.Problem.TOO_DEEP;
                if (mayBeALink) {
                    return new View(files(container).stat(path), null);
                }
                throw e;
            }
        });
    }

    /** Opens a regular file to be sent; the caller closes it. */
    public Download download(ContainerHandle container, FilePath path) {
        Slots.Slot slot = take(downloads, container);
        try {
            return new Download(in(container, () -> files(container).read(path)), slot);
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    /** Opens a tree to be sent as a tar; the caller closes it. */
    public ByteStream archive(ContainerHandle container, FilePath path) {
        Slots.Slot slot = take(archives, container);
        try {
            return new TarStream(in(container, () -> files(container).walk(path)), slot);
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    /** What makes a write depend on what is there: headers of RFC 9110 §13.1, {@code null} if absent. */
    public record Conditions(
            @Nullable String ifMatch, @Nullable String ifNoneMatch) {

        boolean mustBeNew() {
            return ifNoneMatch != null && ifNoneMatch.strip().equals("*");
        }
    }

    /**
     * Receives a file, and then writes it whole.
     *
     * @param body read to its end and not closed
     * @param announced bytes of the body, negative if unknown
     */
    public Written write(
            ContainerHandle container,
            FilePath path,
            InputStream body,
            long announced,
            FileAttributes attributes,
            boolean parents,
            Conditions conditions) {
        FileWrite how = new FileWrite(
                attributes,
                parents,
                conditions.mustBeNew(),
                present -> FileTags.check(conditions.ifMatch(), conditions.ifNoneMatch(), present));
        try (Slots.Slot slot = take(uploads, container);
                Upload upload = receive(body, announced)) {
            InputStream content = upload.content();
            return in(container, () -> files(container).write(path, content, how));
        } catch (BerthException e) {
            if (e.code() == ErrorCode.FILE_EXISTS && conditions.mustBeNew()) { // the kernel has noticed
                throw FileErrors.changed("the file is there already");
            }
            throw e;
        } catch (IOException e) {
            throw new BerthException(ErrorCode.INTERNAL, "the upload could not be kept", e);
        }
    }

    /** Receives an archive, and then unpacks it into a directory. What was unpacked before a failure stays. */
    public Unpacked unpack(ContainerHandle container, FilePath path, InputStream body, long announced) {
        long most = config.maxUnpacked().asLongValue();
        try (Slots.Slot slot = take(uploads, container);
                Upload upload = receive(body, announced);
                InputStream tar = PackedStream.unpack(upload.content(), most, config.compressionRatio())) {
            ReceivedTree tree = new ReceivedTree(new TarReader(tar, TAR_HEADER_BYTES, true), config.maxEntries(), most);
            int made = files(container).unpack(path, tree);
            return new Unpacked(made, tree.skipped());
        } catch (EngineException e) {
            throw FileErrors.translate(container, e);
        } catch (TarFormatException e) {
            throw FileErrors.invalidArchive("not a usable archive: " + e.getMessage());
        } catch (IOException e) {
            throw new BerthException(ErrorCode.INTERNAL, "the archive could not be unpacked", e);
        }
    }

    private Upload receive(InputStream body, long announced) throws IOException {
        long most = config.maxUpload().asLongValue();
        if (announced > most) {
            throw FileErrors.tooLarge(most);
        }
        return Upload.receive(Directories.create(spool, "rwx------"), body, most);
    }

    /** Makes a directory. @param parents whether missing ones above are made, and one that is there is good */
    public FileInfo makeDirectory(
            ContainerHandle container, FilePath path, FileAttributes attributes, boolean parents) {
        return shortly(container, () -> files(container).makeDirectory(path, attributes, parents));
    }

    public void move(ContainerHandle container, FilePath from, FilePath to, boolean overwrite) {
        shortly(container, () -> {
            files(container).move(from, to, overwrite);
            return List.of();
        });
    }

    public void delete(ContainerHandle container, FilePath path, boolean recursive) {
        shortly(container, () -> {
            files(container).delete(path, recursive);
            return List.of();
        });
    }

    /** A place, in whose time the container is in use. */
    private Slots.Slot take(Slots slots, ContainerHandle container) {
        Slots.Slot slot = slots.take(container.tenant());
        ContainerActivity.Use use = activity.begin(container.id());
        return () -> {
            use.close();
            slot.close();
        };
    }

    private ContainerFileSystem files(ContainerHandle container) {
        return engine.files(container.id());
    }

    /** For what moves no content, and has a thread all the while. */
    private <T> T shortly(ContainerHandle container, Supplier<T> work) {
        try (Slots.Slot slot = take(requests, container)) {
            return in(container, work);
        }
    }

    private static <T> T in(ContainerHandle container, Supplier<T> work) {
        try {
            return work.get();
        } catch (EngineException e) {
            throw FileErrors.translate(container, e);
        }
    }
}
