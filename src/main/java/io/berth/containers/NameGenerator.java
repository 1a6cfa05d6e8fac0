package io.berth.containers;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Makes up names such as {@code calm-heron-3f9k2} for containers that were not given one. */
final class NameGenerator {

    private static final List<String> ADJECTIVES = List.of(
            "able", "agile", "amber", "brave", "bright", "brisk", "calm", "clear", "clever", "cool", "coral", "daring",
            "eager", "early", "fair", "fleet", "fond", "gentle", "glad", "golden", "grand", "happy", "hardy", "honest",
            "jolly", "keen", "kind", "lively", "lucky", "mellow", "merry", "mild", "neat", "noble", "patient", "plain",
            "proud", "quick", "quiet", "ready", "royal", "sandy", "silver", "sleek", "smart", "solid", "stable",
            "steady", "still", "sunny", "swift", "tidy", "trusty", "vivid", "warm", "wise", "witty", "young", "zesty");
    private static final List<String> NOUNS = List.of(
            "anchor",
            "barge",
            "bay",
            "beacon",
            "breeze",
            "bridge",
            "buoy",
            "canoe",
            "clipper",
            "coast",
            "cove",
            "crane",
            "current",
            "cutter",
            "deck",
            "delta",
            "dock",
            "dolphin",
            "ferry",
            "fjord",
            "gull",
            "harbor",
            "heron",
            "hull",
            "island",
            "jetty",
            "kayak",
            "keel",
            "lagoon",
            "lantern",
            "lighter",
            "mast",
            "mooring",
            "oar",
            "otter",
            "pelican",
            "pier",
            "pilot",
            "port",
            "quay",
            "raft",
            "reef",
            "rudder",
            "sail",
            "schooner",
            "seal",
            "shoal",
            "shore",
            "skiff",
            "sloop",
            "strait",
            "tern",
            "tide",
            "tug",
            "vessel",
            "wave",
            "wharf",
            "yacht");
    private static final String SUFFIX = "0123456789abcdefghjkmnpqrstvwxyz";

    private NameGenerator() {}

    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder name = new StringBuilder()
                .append(ADJECTIVES.get(random.nextInt(ADJECTIVES.size())))
                .append('-')
                .append(NOUNS.get(random.nextInt(NOUNS.size())))
                .append('-');
        for (int i = 0; i < 5; i++) {
            name.append(SUFFIX.charAt(random.nextInt(SUFFIX.length())));
        }
        return name.toString();
    }
}
