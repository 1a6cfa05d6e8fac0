package io.berth.images.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an image runs on, in Go's words: {@code linux/amd64}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Platform(
        @Nullable String os,
        @Nullable String architecture,
        @Nullable String variant) {

    /** This machine. */
    public static Platform ofHost() {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String architecture = switch (machine) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> machine;
        };
        return new Platform("linux", architecture, null);
    }

    /** Whether an image for {@code other} runs here. What it does not say fits. */
    public boolean runs(Platform other) {
        return fits(os, other.os) && fits(architecture, other.architecture);
    }

    private static boolean fits(@Nullable String here, @Nullable String there) {
        return there == null || there.isEmpty() || there.equals(here);
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant == null || variant.isEmpty() ? "" : "/" + variant);
    }
}
