package io.berth.engine.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The seccomp allow-list every container runs under, as an OCI {@code linux.seccomp} object (seccomp(2)). A few calls
 * are allowed by argument: {@code clone} unless it makes namespaces, {@code socket} unless it reaches the hypervisor,
 * {@code personality} for the values programs use.
 */
final class Seccomp {

    private static final String RESOURCE = "seccomp.txt";
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    /** CLONE_NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET. */
    private static final long CLONE_NAMESPACES = 0x7E020000L;

    private static final int AF_VSOCK = 40;
    private static final long[] PERSONALITIES = {0x0, 0x8, 0x20000, 0x20008, 0xffffffffL};

    private Seccomp() {}

    /** @param architecture as {@code os.arch} names it */
    static String profile(String architecture) {
        Map<String, List<String>> sections = sections();
        ObjectNode profile = new ObjectMapper().createObjectNode();
        profile.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", ENOSYS);
        ArrayNode architectures = profile.putArray("architectures");
        if (architecture.equals("aarch64")) {
            architectures.add("SCMP_ARCH_AARCH64").add("SCMP_ARCH_ARM");
        } else {
            architectures.add("SCMP_ARCH_X86_64").add("SCMP_ARCH_X86");
        }
        ArrayNode rules = profile.putArray("syscalls");
        rule(rules, sections.getOrDefault("allowed", List.of()), "SCMP_ACT_ALLOW");
        rule(rules, sections.getOrDefault("denied", List.of()), "SCMP_ACT_ERRNO")
                .put("errnoRet", EPERM);
        argument(rule(rules, List.of("clone"), "SCMP_ACT_ALLOW"), 0, CLONE_NAMESPACES, "SCMP_CMP_MASKED_EQ");
        argument(rule(rules, List.of("socket"), "SCMP_ACT_ALLOW"), 0, AF_VSOCK, "SCMP_CMP_NE");
        for (long personality : PERSONALITIES) {
            argument(rule(rules, List.of("personality"), "SCMP_ACT_ALLOW"), 0, personality, "SCMP_CMP_EQ");
        }
        return profile.toString();
    }

    private static ObjectNode rule(ArrayNode rules, List<String> names, String action) {
        ObjectNode rule = rules.addObject();
        ArrayNode list = rule.putArray("names");
        names.forEach(list::add);
        return rule.put("action", action);
    }

    private static void argument(ObjectNode rule, int index, long value, String operator) {
        ObjectNode argument =
                rule.putArray("args").addObject().put("index", index).put("op", operator);
        argument.put("value", value);
        if (operator.equals("SCMP_CMP_MASKED_EQ")) {
            argument.put("valueTwo", 0);
        }
    }

    private static Map<String, List<String>> sections() {
        Map<String, List<String>> sections = new HashMap<>();
        try (InputStream resource = Seccomp.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the application");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8));
            List<String> section = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("[")) {
                    section = sections.computeIfAbsent(line.substring(1, line.length() - 1), name -> new ArrayList<>());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    section.addAll(List.of(line.strip().split("\\s+")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sections;
    }
}
