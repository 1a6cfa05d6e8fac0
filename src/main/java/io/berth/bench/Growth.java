package io.berth.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What becomes slower beside many idle containers. How fast a machine is changes within minutes by more than they make of
 * a difference, so all is measured without them as well, right before they are made and right after they are gone.
 */
final class Growth {

    private static final String AREA = "growth";
    private static final String BERTH = "berth";
    private static final String RATE = "MB/s";

    private final Areas areas;
    private final int crowd;

    /** @param crowd how many idle containers */
    Growth(Areas areas, int crowd) {
        this.areas = areas;
        this.crowd = crowd;
    }

    void measure(Consumer<Row> rows) throws Exception {
        String beside = " beside " + crowd + " others";
        Sweep before = Sweep.of(areas);
        List<Row> among = new ArrayList<>();
        Sweep sweep;
        List<String> others = areas.crowd(crowd);
        try {
            sweep = Sweep.of(areas);
            among.add(Row.of(AREA, "list of 50" + beside, BERTH, areas.list(50)));
            among.add(Row.of(AREA, "list of 200" + beside, BERTH, areas.list(200)));
        } finally {
            areas.removeCrowd(others);
        }
        List<Row> without = before.and(Sweep.of(areas)).rows(" without them");
        List<Row> with = sweep.rows(beside);
        for (int i = 0; i < with.size(); i++) {
            rows.accept(without.get(i));
            rows.accept(with.get(i));
        }
        among.forEach(rows);
    }

    /** All that a client may wait for, measured once. */
    private record Sweep(Samples create, Samples exec, Samples echo, Samples output, double parallel) {

        static Sweep of(Areas areas) throws Exception {
            return new Sweep(areas.createToRunning(), areas.exec(), areas.echo(), areas.mainOutput(), areas.parallel());
        }

        Sweep and(Sweep other) {
            return new Sweep(
                    create.and(other.create),
                    exec.and(other.exec),
                    echo.and(other.echo),
                    output.and(other.output),
                    (parallel + other.parallel) / 2);
        }

        List<Row> rows(String where) {
            return List.of(
                    Row.of(AREA, "create to running" + where, BERTH, create),
                    Row.of(AREA, "exec" + where, BERTH, exec),
                    Row.of(AREA, "echo" + where, BERTH, echo),
                    Row.of(AREA, "main process's output" + where, RATE, BERTH, output.percentile(50)),
                    Row.of(AREA, "8 at a time" + where, "per s", BERTH, parallel));
        }
    }
}
