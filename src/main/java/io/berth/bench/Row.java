package io.berth.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table.
 *
 * @param unit such as {@code ms}; smaller is better unless it is a rate
 * @param who {@code berth}, {@code docker}, or {@code floor} for the bare runtime
 * @param values {@code p50}, {@code p95}, {@code p99}, or {@code value}; none of what is absent
 */
record Row(String area, String what, String unit, String who, Map<String, Double> values) {

    static Row of(String area, String what, String who, Samples millis) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("p50", millis.percentile(50));
        values.put("p95", millis.percentile(95));
        values.put("p99", millis.percentile(99));
        return new Row(area, what, "ms", who, values);
    }

    static Row of(String area, String what, String unit, String who, double value) {
        return new Row(area, what, unit, who, Map.of("value", value));
    }

    /** Stands for the rows of somebody who cannot be measured; it is not in the table. */
    static Row absent(String who, @Nullable String why) {
        return new Row("absent", String.valueOf(why), "", who, Map.of());
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-9s %-44s %-7s %9s %9s %9s  %s",
                area,
                what,
                who,
                number(values.containsKey("p50") ? "p50" : "value"),
                number("p95"),
                number("p99"),
                unit);
    }

    static String header() {
        return String.format(
                Locale.ROOT, "%-9s %-44s %-7s %9s %9s %9s", "area", "what", "who", "p50/value", "p95", "p99");
    }

    private String number(String name) {
        Double value = values.get(name);
        return value == null ? "" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
