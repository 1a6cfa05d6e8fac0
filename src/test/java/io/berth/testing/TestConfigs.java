package io.berth.testing;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Makes configuration mappings without Quarkus. */
public final class TestConfigs {

    private TestConfigs() {}

    /** The mapping with its defaults, but for these values. */
    public static <T> T of(Class<T> mapping, Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(mapping)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(mapping);
    }
}
