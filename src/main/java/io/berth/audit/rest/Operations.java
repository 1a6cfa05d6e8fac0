package io.berth.audit.rest;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells which operation of {@code openapi.yaml} a request is. Only the few lines that matter are read, since a YAML parser would
 * cost a tenth of a second at each start; a test compares the outcome with a real parser's.
 */
@ApplicationScoped
class Operations {

    private static final Pattern PATH = Pattern.compile("  (/[^:]*):");
    private static final Pattern METHOD = Pattern.compile("    (get|put|post|patch|delete):");
    private static final Pattern ID = Pattern.compile("      operationId: (\\w+)");

    private final Map<String, List<Operation>> byMethod = new LinkedHashMap<>();

    /** @param parameters decoded, by name */
    record Match(Operation operation, Map<String, String> parameters) {}

    Operations() {
        List<String[]> lines = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        try (InputStream stream = Operations.class.getResourceAsStream("/openapi.yaml")) {
            if (stream == null) {
                throw new IOException("openapi.yaml is missing from the build");
            }
            read(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)), paths, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String[] line : lines) {
            Operation operation = operation(line[0], line[1], line[2], paths);
            byMethod.computeIfAbsent(operation.method(), method -> new ArrayList<>())
                    .add(operation);
        }
        byMethod.values()
                .forEach(list ->
                        list.sort(Comparator.comparingInt(Operation::fixed).reversed()));
    }

    private static void read(BufferedReader document, Set<String> paths, List<String[]> found) throws IOException {
        String path = "";
        String method = "";
        for (String line = document.readLine(); line != null; line = document.readLine()) {
            Matcher matcher = PATH.matcher(line);
            if (matcher.matches()) {
                path = matcher.group(1);
                paths.add(path.replaceAll("\\{[^}]*}", "{}"));
            } else if ((matcher = METHOD.matcher(line)).matches()) {
                method = matcher.group(1).toUpperCase(Locale.ROOT);
            } else if ((matcher = ID.matcher(line)).matches()) {
                found.add(new String[] {method, path, matcher.group(1)});
            } else if (line.startsWith("components:")) {
                return;
            }
        }
    }

    private static Operation operation(String method, String path, String id, Set<String> paths) {
        List<String> segments = List.of(path.substring(1).split("/", -1));
        boolean collection = paths.contains(path.replaceAll("\\{[^}]*}", "{}") + "/{}");
        int last = segments.size() - 1;
        boolean makes = collection && method.equals("POST");
        while (!makes && last > 0 && !Operation.isParameter(segments.get(last))) {
            last--;
        }
        // what a parameter stands for is said by the segment before it
        String noun = makes ? segments.get(last) : segments.get(last > 0 ? last - 1 : segments.size() - 1);
        return new Operation(method, id, segments, singular(noun), makes);
    }

    private static String singular(String noun) {
        if (noun.endsWith("ies")) {
            return noun.substring(0, noun.length() - 3) + "y";
        }
        return noun.endsWith("s") ? noun.substring(0, noun.length() - 1) : noun;
    }

    /** All of them. */
    List<Operation> all() {
        return byMethod.values().stream().flatMap(List::stream).toList();
    }

    /** @param path as it was sent, without the query */
    Optional<Match> match(String method, String path) {
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        String[] sent = path.substring(1).split("/", -1);
        for (Operation operation : byMethod.getOrDefault(method, List.of())) {
            if (fits(operation.segments(), sent)) {
                return Optional.of(new Match(operation, parameters(operation.segments(), sent)));
            }
        }
        return Optional.empty();
    }

    /** A parameter at the end takes the rest of the path: names of images hold slashes. */
    private static boolean fits(List<String> segments, String[] sent) {
        int size = segments.size();
        boolean open = Operation.isParameter(segments.get(size - 1));
        if (open ? sent.length < size : sent.length != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            String segment = segments.get(i);
            if (Operation.isParameter(segment) ? sent[i].isEmpty() : !segment.equals(sent[i])) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> parameters(List<String> segments, String[] sent) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (Operation.isParameter(segment)) {
                StringBuilder value = new StringBuilder(sent[i]);
                for (int rest = segments.size(); i == segments.size() - 1 && rest < sent.length; rest++) {
                    value.append('/').append(sent[rest]);
                }
                parameters.put(segment.substring(1, segment.length() - 1), decode(value.toString()));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
