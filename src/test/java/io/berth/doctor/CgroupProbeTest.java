package io.berth.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupProbeTest {

    @TempDir
    Path root;

    private Path group;

    @BeforeEach
    void files() throws IOException {
        group = Files.createDirectory(root.resolve("group"));
        Files.writeString(root.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        Files.writeString(root.resolve("cgroup.subtree_control"), "cpu\n");
    }

    @Test
    void handsControllersDownAndTakesThemBack() throws IOException {
        assertThat(CgroupProbe.handDown(root, group)).isNull();
        assertThat(group.resolve("cgroup.subtree_control")).hasContent("-cpu -memory -pids");
        assertThat(root.resolve("cgroup.subtree_control")).hasContent("-memory -pids");
    }

    @Test
    void namesTheControllersThatAreNotThere() throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), "cpu pids\n");
        assertThat(CgroupProbe.handDown(root, group)).contains(root.toString(), "[memory]");
        assertThat(root.resolve("cgroup.subtree_control")).hasContent("cpu");
    }

    @Test
    void tellsWhenTheKernelRefuses() throws IOException {
        Files.createDirectory(group.resolve("cgroup.subtree_control"));
        assertThat(CgroupProbe.handDown(root, group)).startsWith("cannot hand controllers down");
        assertThat(root.resolve("cgroup.subtree_control")).hasContent("-memory -pids");
    }
}
