package io.berth.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands around the work for a request, as the server tells it: the phases of its {@code Server-Timing}, and of a create
 * the wait for its admission, which the server does beside other things. In milliseconds.
 */
record Phases(Api api, int runs) {

    private static final String SUM = "all of them";
    private static final int WARM_UPS = 50;

    private interface Call {
        Api.Answer make() throws IOException;
    }

    /** Of creating a container. */
    Map<String, Samples> ofCreate() throws IOException {
        return measure(() -> {
            Api.Answer created = api.createTimed("sleep", "100000");
            api.delete(created.body().path("id").asText());
            return created;
        });
    }

    /** Of reading one. */
    Map<String, Samples> ofRead() throws IOException {
        String container = api.create("sleep", "100000");
        try {
            return measure(() -> api.read(container));
        } finally {
            api.delete(container);
        }
    }

    private Map<String, Samples> measure(Call call) throws IOException {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (int i = -WARM_UPS; i < runs; i++) {
            Map<String, Double> phases = phases(call.make());
            if (i >= 0) {
                phases.forEach((phase, millis) ->
                        values.computeIfAbsent(phase, name -> new ArrayList<>()).add(millis));
            }
        }
        Map<String, Samples> samples = new LinkedHashMap<>();
        values.forEach((phase, millis) -> samples.put(
                phase,
                new Samples(millis.stream().mapToDouble(Double::doubleValue).toArray())));
        return samples;
    }

    private static Map<String, Double> phases(Api.Answer answer) throws IOException {
        Map<String, Double> phases = new LinkedHashMap<>();
        if (answer.serverTiming().isEmpty()) {
            throw new IOException("the server tells no Server-Timing: is it older than this benchmark?");
        }
        for (String phase : answer.serverTiming().split(", *")) {
            String[] parts = phase.split(";dur=");
            phases.put(parts[0], Double.parseDouble(parts[1]));
        }
        JsonNode admission = answer.body().path("timings").path("admit");
        if (answer.created() && admission.isNumber()) {
            phases.put("admission", admission.asDouble());
        }
        double sum = phases.values().stream().mapToDouble(Double::doubleValue).sum();
        phases.put(SUM, sum);
        return phases;
    }
}
