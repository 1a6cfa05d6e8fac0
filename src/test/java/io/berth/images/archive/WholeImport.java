package io.berth.images.archive;

import io.berth.images.Digest;
import io.berth.images.ImageContent;
import io.berth.images.content.ContentLimits;
import io.berth.images.content.ContentStore;
import io.berth.images.content.Ingest;
import io.berth.images.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** All steps of an import, in one. */
final class WholeImport {

    private WholeImport() {}

    static ImageContent load(ContentStore store, byte[] archive) throws IOException {
        try (Ingest ingest = store.ingest()) {
            Digest digest = new ArchiveImporter(ContentLimits.DEFAULT, Platform.ofHost())
                    .importArchive(ingest, new ByteArrayInputStream(archive));
            ImageContent image = ImageContent.read(store, digest);
            for (int i = 0; i < image.diffIds().size(); i++) {
                ingest.unpack(
                        image.manifest().layers().get(i).digest(),
                        image.diffIds().get(i));
            }
            ingest.commit();
            return image;
        }
    }
}
