package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.Signals;
import io.berth.images.ImageConfig;
import io.berth.images.ResolvedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges a specification with its image, as Kubernetes does: {@code command} takes the place of the entrypoint and then the
 * image's own command counts no more, {@code args} take the place of the image's command.
 */
final class LaunchPlanner {

    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private LaunchPlanner() {}

    /** @throws BerthException if neither says what to run */
    static Launch plan(ContainerSpec spec, ResolvedImage image) {
        ImageConfig config = image.config();
        return new Launch(
                arguments(spec, config),
                environment(spec, config),
                firstNonBlank(spec.workingDir(), config.workingDir(), "/"),
                spec.user() != null ? spec.user() : blankToNull(config.user()),
                stopSignal(spec, config),
                image.layers().stream().map(Path::toString).toList());
    }

    private static List<String> arguments(ContainerSpec spec, ImageConfig image) {
        List<String> arguments = new ArrayList<>();
        boolean ownCommand = spec.command() != null && !spec.command().isEmpty();
        if (ownCommand) {
            arguments.addAll(spec.command());
        } else {
            arguments.addAll(image.entrypoint());
        }
        if (spec.args() != null) {
            arguments.addAll(spec.args());
        } else if (!ownCommand) {
            arguments.addAll(image.command());
        }
        if (arguments.isEmpty()) {
            throw BerthException.invalidField("/command", "is required: the image does not say what to run");
        }
        return arguments;
    }

    private static List<String> environment(ContainerSpec spec, ImageConfig image) {
        Map<String, String> merged = new LinkedHashMap<>();
        merged.put("PATH", DEFAULT_PATH);
        if (spec.hostname() != null || spec.name() != null) {
            merged.put("HOSTNAME", hostname(spec));
        }
        if (spec.tty()) {
            merged.put("TERM", "xterm-256color");
        }
        for (String entry : image.env()) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                merged.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        merged.putAll(spec.env());
        return merged.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    static String hostname(ContainerSpec spec) {
        return firstNonBlank(spec.hostname(), spec.name(), "berth");
    }

    private static int stopSignal(ContainerSpec spec, ImageConfig image) {
        if (spec.stopSignal() != null) {
            return Signals.parse(spec.stopSignal());
        }
        if (image.stopSignal() != null && !image.stopSignal().isBlank()) {
            try {
                return Signals.parse(image.stopSignal());
            } catch (IllegalArgumentException unknown) {
                // an image may say anything; the usual signal is then the best guess
                return Signals.SIGTERM;
            }
        }
        return Signals.SIGTERM;
    }

    private static String firstNonBlank(@Nullable String first, @Nullable String second, String otherwise) {
        if (first != null && !first.isBlank()) {
            return first;
        }
        return second != null && !second.isBlank() ? second : otherwise;
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
