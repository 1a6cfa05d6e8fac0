package io.berth.tenants.quota;

import static io.berth.testing.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.testing.FakeEngineProfile;
import io.berth.testing.Tenants;
import io.berth.testing.Tenants.Made;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** A thousand tenants with ten containers each cost nobody anything. Logs what it measures. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class QuotaScaleIT {

    private static final Logger LOG = Logger.getLogger(QuotaScaleIT.class);
    private static final int RUNS = 100;
    private static final String SPEC =
            "{'image':'busybox','command':['sleep','1000']," + "'resources':{'cpus':0.1,'memory':'16MiB','pids':10}}";
    private static final String QUOTA = "{'cpus':100,'memory':'64GiB','containers':100,'runningContainers':50,"
            + "'policies':{'cpus':'reserve','memory':'reserve'}}";

    @Inject
    DataSource database;

    /** Medians, in milliseconds. */
    private record Medians(double list, double create, double admit) {}

    @Test
    void admissionAndListsDoNotGrowWithTheNumberOfTenants() throws SQLException {
        Made free = Tenants.make();
        Made bound = Tenants.make();
        json(QUOTA).put(bound.path("/quota")).then().statusCode(200);
        measure(bound); // warms up
        Medians unlimited = measure(free);
        Medians alone = measure(bound);
        crowd();
        Medians crowded = measure(bound);
        LOG.infof("p50 in ms: unlimited %s, limited %s, limited among 1,000 tenants %s", unlimited, alone, crowded);
        assertThat(crowded.list()).isLessThan(3 * alone.list() + 10);
        assertThat(crowded.admit()).isLessThan(3 * alone.admit() + 5);
    }

    private Medians measure(Made tenant) {
        for (int i = 0; i < 10; i++) {
            tenant.json(SPEC).post(tenant.path("/containers")).then().statusCode(201);
        }
        double[] lists = new double[RUNS];
        double[] creates = new double[RUNS];
        double[] admits = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            lists[i] = millis(() -> tenant.owner().get(tenant.path("/containers")));
            Response[] created = new Response[1];
            creates[i] = millis(() -> created[0] = tenant.json(SPEC).post(tenant.path("/containers")));
            admits[i] = created[0].jsonPath().getDouble("timings.admit");
            delete(tenant, created[0].path("id"));
        }
        tenant.owner()
                .get(tenant.path("/containers"))
                .jsonPath()
                .getList("items.id", String.class)
                .forEach(id -> delete(tenant, id));
        return new Medians(median(lists), median(creates), median(admits));
    }

    private static void delete(Made tenant, String id) {
        tenant.owner()
                .delete(tenant.path("/containers/" + id + "?force=true"))
                .then()
                .statusCode(204);
    }

    private static double millis(Supplier<Response> request) {
        long begun = System.nanoTime();
        request.get().asByteArray();
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private void crowd() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into tenant (name, display_name, group_id)"
                    + " select 'crowd' || n, 'Crowd', 'crowd' || n from generate_series(1, 1000) n");
            statement.execute("insert into tenant_quota (tenant, limits, policies, version, changed_at)"
                    + " select 'crowd' || n, '{\"cpus\": 4000}', '{}', 1, now() from generate_series(1, 1000) n");
            statement.execute(
                    "insert into container (id, tenant, name, image, image_digest, desired, state, spec, launch,"
                            + " labels, created_at, timings, runs, milli_cpus, memory, pids)"
                            + " select 'ctr_' || n || '_' || c, 'crowd' || n, 'c' || c, 'busybox', 'sha256:0', 'STOPPED', 'STOPPED',"
                            + " '{\"image\": \"busybox\"}', '{}', '{}', now(), '{}', false, 100, 1048576, 10"
                            + " from generate_series(1, 1000) n, generate_series(1, 10) c");
            statement.execute("analyze container");
        }
    }
}
