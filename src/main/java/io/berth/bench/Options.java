package io.berth.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to measure, and where.
 *
 * @param areas all when none was named
 * @param url of a server that runs; null for one of the benchmark's own
 */
record Options(
        Set<String> areas,
        boolean json,
        @Nullable String url,
        @Nullable Path tokenFile,
        int runs,
        int crowd) {

    static final List<String> AREAS =
            List.of("ready", "create", "phases", "exec", "echo", "stdout", "parallel", "memory", "list", "growth");

    static final String USAGE =
            "usage: ./berth bench [AREA...] [--json] [--runs N] [--crowd N] [--url URL --token-file FILE]\n" + "areas: "
                    + String.join(", ", AREAS)
                    + "\nDocker is measured beside it where it has the image busybox; DOCKER_HOST names another socket than its usual one.";

    /** @throws IllegalArgumentException with the usage, for what it does not know */
    static Options parse(String[] arguments) {
        Set<String> areas = new TreeSet<>();
        boolean json = false;
        String url = null;
        Path tokenFile = null;
        int runs = 100;
        int crowd = 500;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--json" -> json = true;
                case "--url" -> url = value(arguments, ++i);
                case "--token-file" -> tokenFile = Path.of(value(arguments, ++i));
                case "--runs" -> runs = number(value(arguments, ++i));
                case "--crowd" -> crowd = number(value(arguments, ++i));
                default -> {
                    if (!AREAS.contains(arguments[i])) {
                        throw usage("unknown area or option: " + arguments[i]);
                    }
                    areas.add(arguments[i]);
                }
            }
        }
        if ((url == null) != (tokenFile == null)) {
            throw usage("--url and --token-file go together");
        }
        return new Options(areas.isEmpty() ? Set.copyOf(AREAS) : Set.copyOf(areas), json, url, tokenFile, runs, crowd);
    }

    boolean wants(String area) {
        return areas.contains(area);
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw usage(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 100_000) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw usage("not a number from 1 to 100000: " + text);
    }

    private static IllegalArgumentException usage(String problem) {
        return new IllegalArgumentException(problem + "\n" + USAGE);
    }
}
