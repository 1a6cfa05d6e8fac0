package io.berth.engine.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Directories of one hierarchy. What vanishes meanwhile is not there. */
final class CgroupTree {

    private static final int LINKS_WITHOUT_SUBDIRECTORIES = 2;

    private CgroupTree() {}

    /** Names of the cgroups right below. */
    static Set<String> children(Path cgroup) throws IOException {
        Set<String> names = new TreeSet<>();
        if (isLeaf(cgroup)) {
            return names;
        }
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(cgroup, entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return Set.of();
        }
        return names;
    }

    /** A cgroup holds some fifty files: its link count tells without looking at each whether one is a directory. */
    private static boolean isLeaf(Path cgroup) throws IOException {
        try {
            return (Integer) Files.getAttribute(cgroup, "unix:nlink") == LINKS_WITHOUT_SUBDIRECTORIES;
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    /** The cgroup and all below it, the deepest first; just itself if it does not exist. */
    static List<Path> bottomUp(Path cgroup) throws IOException {
        List<Path> found = new ArrayList<>();
        found.add(cgroup);
        for (int i = 0; i < found.size(); i++) {
            Path parent = found.get(i);
            for (String child : children(parent)) {
                found.add(parent.resolve(child));
            }
        }
        Collections.reverse(found);
        return found;
    }

    /** Processes of the cgroup and all below it. */
    static Set<Integer> processes(Path cgroup) throws IOException {
        Set<Integer> pids = new TreeSet<>();
        for (Path directory : bottomUp(cgroup)) {
            pids.addAll(CgroupFiles.processes(directory));
        }
        return pids;
    }

    /** Removes the cgroup and all below it, which must have no processes. */
    static void remove(Path cgroup) throws IOException {
        for (Path directory : bottomUp(cgroup)) {
            Files.deleteIfExists(directory);
        }
    }
}
