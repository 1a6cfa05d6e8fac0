package io.berth.files;

import io.berth.common.WholeNumber;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Bounds of what is put into containers and fetched from them. */
@ConfigMapping(prefix = "berth.files")
public interface FilesConfig {

    /** A file or an archive, as it is sent. It is kept in the data directory until it has arrived. */
    @WithDefault("1G")
    MemorySize maxUpload();

    /** What an archive may unpack to, holes included. */
    @WithDefault("4G")
    MemorySize maxUnpacked();

    /** Entries of an archive that is unpacked. */
    @WithDefault("200000")
    @WithConverter(WholeNumber.UpToHundredMillion.class)
    int maxEntries();

    /** Uncompressed bytes for each compressed byte of an archive, beyond the first 64 MiB. */
    @WithDefault("200")
    @WithConverter(WholeNumber.UpToHundredThousand.class)
    int compressionRatio();

    /** Uploads of one tenant at a time. */
    @WithDefault("4")
    @WithConverter(WholeNumber.UpToThousand.class)
    int uploadsPerTenant();

    /** Files that one tenant is sent at a time. */
    @WithDefault("16")
    @WithConverter(WholeNumber.UpToTenThousand.class)
    int downloadsPerTenant();

    /** Uploads of all tenants at a time; each has a thread as long as its client takes. */
    @WithDefault("32")
    @WithConverter(WholeNumber.OfThreads.class)
    int uploads();

    /** Downloads of all tenants at a time; each has some open files. */
    @WithDefault("256")
    @WithConverter(WholeNumber.UpToTenThousand.class)
    int downloads();

    /** Archives that one tenant is sent at a time. */
    @WithDefault("4")
    @WithConverter(WholeNumber.UpToThousand.class)
    int archivesPerTenant();

    /** Archives that all tenants are sent at a time; each has up to some 20 MB of names and 260 open directories. */
    @WithDefault("16")
    @WithConverter(WholeNumber.UpToThousand.class)
    int archives();

    /** Listings, moves, deletes and new directories of one tenant at a time. */
    @WithDefault("8")
    @WithConverter(WholeNumber.OfThreads.class)
    int requestsPerTenant();

    /** Those of all tenants; each has a thread, and a listing some megabytes. */
    @WithDefault("48")
    @WithConverter(WholeNumber.OfThreads.class)
    int requests();
}
