package io.berth.database;

import io.berth.common.Directories;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs, unpacked from the class path into a directory that is named after their version.
 *
 * @param home holds {@code bin}, {@code lib} and {@code share}
 * @param version such as {@code 18.6.0}
 */
record PostgresBinaries(Path home, String version) {

    private static final String PROPERTIES = "/io/berth/database/postgres.properties";

    /** Unpacks the programs below {@code directory} unless they are there. Takes about 2 s the first time. */
    static PostgresBinaries ensure(Path directory) throws IOException {
        String version = bundledVersion();
        Path home = directory.resolve(version);
        if (!Files.isDirectory(home)) {
            Path staging = directory.resolve(version + ".new");
            Directories.deleteRecursively(staging);
            unpack(staging);
            Files.move(staging, home, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresBinaries(home, version);
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /** The part of the version that the files of a cluster depend on. */
    String major() {
        return version.substring(0, version.indexOf('.'));
    }

    private static String bundledVersion() throws IOException {
        try (InputStream stream = open(PROPERTIES)) {
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        }
    }

    private static void unpack(Path target) throws IOException {
        try (InputStream xz = new BufferedInputStream(open("/" + archiveName()));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(xz))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("entry climbs out of the archive: " + entry.getName());
                }
                unpack(tar, entry, path);
            }
        }
    }

    private static void unpack(InputStream content, TarArchiveEntry entry, Path path) throws IOException {
        Path parent = path.getParent();
        if (entry.isDirectory() || parent == null) {
            Directories.create(path, "rwxr-xr-x");
            return;
        }
        if (path.toString().endsWith(".a")) {
            return; // for linking programs against it
        }
        Directories.create(parent, "rwxr-xr-x");
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(content, path);
            boolean program = parent.endsWith("bin");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static String archiveName() {
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return "postgres-linux-" + (machine.equals("amd64") ? "x86_64" : machine) + ".txz";
    }

    private static InputStream open(String resource) {
        InputStream stream = PostgresBinaries.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new DatabaseException("no PostgreSQL for this machine is bundled (" + resource
                    + "): run one and set QUARKUS_DATASOURCE_JDBC_URL, _USERNAME and _PASSWORD");
        }
        return stream;
    }
}
