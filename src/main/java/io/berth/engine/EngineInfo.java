package io.berth.engine;

import java.util.Map;

/**
 * What an engine runs on.
 *
 * @param kind which engine it is: {@code local} on one machine
 * @param versions program to version, such as {@code crun}
 * @param features what was probed and chosen, such as {@code cgroup=hybrid}
 */
public record EngineInfo(
        String kind, int cpus, long memoryBytes, Map<String, String> versions, Map<String, String> features) {}
