package io.berth.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.doctor.Finding.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsProbeTest {

    private static final int PT_LOAD = 1;
    private static final int PT_INTERP = 3;

    @TempDir
    Path bin;

    @BeforeEach
    void programs() throws IOException {
        script("runc", "runc version 1.2.3");
        script("conmon", "conmon version 2.1.6");
        elf("catatonit", PT_LOAD);
        elf("busybox", PT_LOAD);
    }

    @Test
    void asksTheProgramsThatAreConfigured() throws IOException {
        assertThat(finding("runc")).isEqualTo(Finding.ok("runc", "runc version 1.2.3"));
        assertThat(finding("conmon")).isEqualTo(Finding.ok("conmon", "conmon version 2.1.6"));
        assertThat(finding("catatonit").level()).isEqualTo(Level.OK);
        assertThat(finding("busybox").level()).isEqualTo(Level.OK);
        assertThat(probe().run()).extracting(Finding::what).doesNotContain("crun");
    }

    @Test
    void namesThoseThatAreMissing() throws IOException {
        Files.delete(bin.resolve("runc"));
        Files.delete(bin.resolve("catatonit"));
        assertThat(finding("runc").level()).isEqualTo(Level.MISSING);
        assertThat(finding("catatonit").level()).isEqualTo(Level.WARN);
        assertThat(finding("catatonit").detail()).contains("'init'");
        assertThat(finding("catatonit").remedy()).isEqualTo("install the package catatonit");
    }

    @Test
    void wantsWhatRunsInContainersToBeStatic() throws IOException {
        elf("catatonit", PT_INTERP);
        elf("busybox", PT_INTERP);
        assertThat(finding("catatonit").detail()).contains("not a static program", "'init'");
        assertThat(finding("busybox").detail()).contains("not a static program", "image 'busybox'");
    }

    private ProgramsProbe probe() {
        return new ProgramsProbe(path("runc"), path("conmon"), path("catatonit"), bin.resolve("busybox"));
    }

    private Finding finding(String what) throws IOException {
        return probe().run().stream()
                .filter(finding -> finding.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private String path(String name) {
        return bin.resolve(name).toString();
    }

    private void script(String name, String says) throws IOException {
        program(name, ("#!/bin/sh\necho '" + says + "'\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** A program with one program header. */
    private void elf(String name, int segment) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(64 + 56).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1).putLong(32, 64);
        file.putShort(54, (short) 56).putShort(56, (short) 1).putInt(64, segment);
        program(name, file.array());
    }

    private void program(String name, byte[] content) throws IOException {
        Path file = Files.write(bin.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
