package io.berth.doctor;

import io.berth.common.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Memory and disk space. */
record ResourcesProbe(Path dataDir, Path memoryInfo) implements Probe {

    private static final ByteSize ENOUGH_MEMORY = ByteSize.ofMebibytes(1024);
    private static final ByteSize ENOUGH_SPACE = ByteSize.ofMebibytes(2048);

    @Override
    public List<Finding> run() throws IOException {
        ByteSize available = Files.readAllLines(memoryInfo).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> ByteSize.parse(line.replaceAll("[^0-9]", "") + "KiB"))
                .findFirst()
                .orElse(new ByteSize(0));
        ByteSize free =
                new ByteSize(Files.getFileStore(DiskProbe.existing(dataDir)).getUsableSpace());
        return List.of(
                atLeast("memory", available, ENOUGH_MEMORY, "the server itself takes about 300 MiB"),
                atLeast("disk space", free, ENOUGH_SPACE, "choose another --data-dir, or make room"));
    }

    private static Finding atLeast(String what, ByteSize found, ByteSize enough, String remedy) {
        String detail = found.bytes() / (1 << 20) + " MiB available";
        return found.compareTo(enough) >= 0 ? Finding.ok(what, detail) : Finding.warn(what, detail, remedy);
    }
}
