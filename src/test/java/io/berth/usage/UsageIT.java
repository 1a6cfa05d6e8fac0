package io.berth.usage;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.testing.TestTokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.berth.containers.ContainerWatch;
import io.berth.engine.ContainerId;
import io.berth.engine.DiskReading;
import io.berth.engine.DiskSize;
import io.berth.engine.FakeEngine;
import io.berth.engine.GroupId;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.TestTokens;
import io.berth.usage.store.UsageRepository;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is metered, as a tenant and an administrator see it. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class UsageIT {

    private static final String TENANT = "/api/v1/tenants/metered";
    private static final long SECOND = 1_000_000_000L;
    private static final long GIB = 1L << 30;

    @Inject
    FakeEngine engine;

    @Inject
    UsageMeter meter;

    @Inject
    DiskMeter disks;

    @Inject
    UsageRepository repository;

    @Inject
    TenantDirectory tenants;

    @Inject
    ContainerWatch watch;

    @Inject
    UsageConfig config;

    @BeforeEach
    void createTenant() {
        json("{'name':'metered'}").post("/api/v1/tenants").then().statusCode(201);
    }

    @AfterEach
    void deleteTenant() {
        String operation = admin().delete(TENANT).header("Location");
        admin().get(operation + "?wait=30").then().body("status", equalTo("succeeded"));
    }

    private static ContainerId run(String name) {
        return new ContainerId(json("{'name':'" + name + "','image':'busybox','command':['sleep','1000']}")
                .post(TENANT + "/containers")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    private static JsonPath usage(String query) {
        return admin().get(TENANT + "/usage" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static double total(String resource) {
        return usage("").getDouble("metered.total." + resource);
    }

    @Test
    void addsUpWhatContainersUse() throws Exception {
        ContainerId web = run("web");
        ContainerId db = run("db");
        engine.use(web, 3 * SECOND, GIB, 1000, 10);
        engine.use(db, 4 * SECOND, GIB, 500, 5);
        meter.sample();
        engine.use(web, 2 * SECOND, GIB, 1000, 10);
        meter.sample();
        meter.sample();
        assertThat(total("cpuSeconds")).isCloseTo(9, within(0.01));
        assertThat(total("networkReceivedBytes")).isEqualTo(2500);
        assertThat(total("networkSentBytes")).isEqualTo(25);
        JsonPath byContainer = usage("?groupBy=container");
        assertThat(byContainer.getList("metered.series.containerName")).contains("web", "db");
        assertThat(byContainer.getDouble("metered.series.find { it.containerName == 'web' }.cpuSeconds"))
                .isCloseTo(5, within(0.01));
        assertThat(byContainer.getString("metered.series.find { it.containerName == 'web' }.container"))
                .isEqualTo(web.value());
        JsonPath now = usage("");
        assertThat(now.getInt("now.runningContainers.used")).isEqualTo(2);
        assertThat(now.getInt("now.containers.used")).isEqualTo(2);
        assertThat(now.getInt("now.pids.used")).isEqualTo(2);
    }

    @Test
    void countsContainersThatLivedForAMoment() {
        ContainerId id = run("brief");
        engine.use(id, 5 * SECOND, GIB, 7, 7);
        admin().delete(TENANT + "/containers/" + id + "?force=true").then().statusCode(204);
        await().untilAsserted(() -> assertThat(total("cpuSeconds")).isCloseTo(5, within(0.01)));
        assertThat(usage("?groupBy=container").getList("metered.series.containerName"))
                .contains("brief");
    }

    @Test
    void countsEachRunOfAContainer() throws Exception {
        ContainerId id = run("again");
        engine.use(id, 5 * SECOND, GIB, 0, 0);
        meter.sample();
        engine.use(id, SECOND, GIB, 0, 0);
        json("{}").post(TENANT + "/containers/" + id + "/kill").then().statusCode(200);
        admin().post(TENANT + "/containers/" + id + "/start").then().statusCode(200);
        engine.use(id, 2 * SECOND, GIB, 0, 0);
        meter.sample();
        await().untilAsserted(() -> assertThat(total("cpuSeconds")).isCloseTo(8, within(0.01)));
    }

    @Test
    void metersTheDiskOfContainersUntilTheyAreDeleted() throws Exception {
        ContainerId runs = run("runs");
        ContainerId stopped = run("stopped");
        json("{}").post(TENANT + "/containers/" + stopped + "/kill").then().statusCode(200);
        engine.occupy(runs, 1000 * GIB);
        engine.occupy(stopped, 3000 * GIB);
        long begin = System.nanoTime();
        disks.measure();
        assertThat(usage("").getLong("now.disk.used")).isEqualTo(4000 * GIB);
        assertThat(usage("").<Object>get("now.disk.limit")).isNull();
        assertThat(usage("").getString("now.disk.unit")).isEqualTo("bytes");
        Thread.sleep(500);
        disks.measure();
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertThat(total("diskGiBSeconds")).isBetween(4000 * 0.49, 4000 * seconds);
        JsonPath each = usage("?groupBy=container");
        assertThat(each.getDouble("metered.series.find { it.containerName == 'stopped' }.diskGiBSeconds"))
                .isGreaterThan(3000 * 0.49);

        for (ContainerId id : List.of(runs, stopped)) {
            admin().delete(TENANT + "/containers/" + id + "?force=true").then().statusCode(204);
        }
        disks.measure();
        double whole = total("diskGiBSeconds");
        assertThat(whole).isGreaterThanOrEqualTo(4000 * 0.49);
        assertThat(usage("").getLong("now.disk.used")).isZero();
        Thread.sleep(100);
        disks.measure();
        assertThat(total("diskGiBSeconds")).isEqualTo(whole);
    }

    @Test
    void goesOnWithDiskWhereItWasStored() throws Exception {
        ContainerId id = run("long");
        engine.occupy(id, 7);
        disks.measure();
        assertThat(repository.findDisks()).anySatisfy(reading -> {
            assertThat(reading.container()).isEqualTo(id);
            assertThat(reading.group()).isEqualTo(tenants.group(new TenantId("metered")));
            assertThat(reading.size()).isEqualTo(new DiskSize(7, true));
        });
        // another run of the server, an hour later for all it knows
        repository.recordDisks(
                List.of(),
                List.of(new DiskReading(
                        id,
                        tenants.group(new TenantId("metered")),
                        Instant.now().minusSeconds(3600),
                        new DiskSize(GIB, false))),
                List.of());
        DiskMeter next = new DiskMeter(engine, watch, repository, config, Clock.systemUTC());
        try {
            next.measure();
            assertThat(total("diskGiBSeconds")).isBetween(3599.0, 3660.0);
            next.measure();
            assertThat(total("diskGiBSeconds")).isBetween(3599.0, 3660.0);
        } finally {
            next.stop();
        }
    }

    @Test
    void showsATenantItsOwnUsageAndAnAdministratorThatOfAll() throws Exception {
        engine.use(run("one"), SECOND, GIB, 1, 1);
        meter.sample();
        String viewer = TestTokens.of("metered", "VIEWER");
        as(viewer).get(TENANT + "/usage").then().statusCode(200);
        as(viewer).get("/api/v1/tenants/default/usage").then().statusCode(404);
        as(viewer).get("/api/v1/usage").then().statusCode(403);
        admin().get("/api/v1/usage")
                .then()
                .statusCode(200)
                .body("series.findAll { it.tenant == 'metered' }.networkSentBytes", contains(1));
        String csv = as(viewer)
                .accept("text/csv")
                .get(TENANT + "/usage?groupBy=container")
                .then()
                .statusCode(200)
                .contentType(startsWith("text/csv"))
                .extract()
                .asString();
        assertThat(csv)
                .startsWith("at,container,container_name,cpu_seconds,memory_gib_seconds,disk_gib_seconds,"
                        + "network_received_bytes,network_sent_bytes\r\n")
                .contains(",one,")
                .hasLineCount(2);
        admin().accept("text/csv").get("/api/v1/usage").then().statusCode(200);
    }

    @Test
    void refusesRangesThatAreBadOrEndless() {
        for (String query : List.of(
                "?from=yesterday",
                "?to=2026",
                "?from=2026-01-31T10:00:00Z&to=2026-01-31T09:00:00Z",
                "?from=2000-01-31T10:00:00Z",
                "?from=0000-01-01T00:00:00Z",
                "?step=7m",
                "?step=0h",
                "?step=-1h",
                "?step=banana",
                "?step=999999999999d",
                "?groupBy=tenant")) {
            admin().get(TENANT + "/usage" + query).then().statusCode(query.contains("999") ? 200 : 400);
        }
        admin().get("/api/v1/usage?groupBy=container").then().statusCode(400);
        admin().get(TENANT + "/usage?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&step=6h")
                .then()
                .statusCode(200)
                .body("metered.step", equalTo(21600))
                .body("metered.series", empty());
    }

    @Test
    void writesHundredsOfReadingsInAMoment() {
        GroupId group = tenants.group(new TenantId("metered"));
        Instant now = Instant.now();
        List<UsageRepository.Amount> amounts = new ArrayList<>();
        List<UsageRepository.State> states = new ArrayList<>();
        IntStream.range(0, 500).forEach(i -> {
            ContainerId id = new ContainerId("ctr_many_" + i);
            for (MeteredResource resource : MeteredResource.values()) {
                amounts.add(new UsageRepository.Amount(
                        group, id, Charges.floor(now, java.time.Duration.ofHours(1)), resource, 1));
            }
            states.add(new UsageRepository.State(group, new LastReading(id, "run", now, 1, 1, 1, 1), "many-" + i));
        });
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            repository.record(amounts, states);
            fastest = Math.min(fastest, System.nanoTime() - begin);
        }
        assertThat(fastest).isLessThan(500_000_000L);
        assertThat(total("networkSentBytes")).isEqualTo(2500);
    }
}
