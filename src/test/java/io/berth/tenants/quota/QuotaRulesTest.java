package io.berth.tenants.quota;

import static io.berth.tenants.quota.QuotaResource.CONTAINERS;
import static io.berth.tenants.quota.QuotaResource.CPUS;
import static io.berth.tenants.quota.QuotaResource.MAX_CONTAINER_CPUS;
import static io.berth.tenants.quota.QuotaResource.MAX_CONTAINER_MEMORY;
import static io.berth.tenants.quota.QuotaResource.MAX_TTL;
import static io.berth.tenants.quota.QuotaResource.MEMORY;
import static io.berth.tenants.quota.QuotaResource.PIDS;
import static io.berth.tenants.quota.QuotaResource.RUNNING_CONTAINERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.engine.ResourceLimits;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Admission.Excess;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of quotas, without a server. */
class QuotaRulesTest {

    @Test
    void letsInWhatFitsAndNothingMore() {
        Quota quota = quota(Map.of(CONTAINERS, 2L));
        Demand one = Demand.of(CONTAINERS, 1);
        assertThat(Admission.judge(quota, one, Map.of())).isEmpty();
        assertThat(Admission.judge(quota, one, Map.of(CONTAINERS, 1L))).isEmpty();
        assertThat(Admission.judge(quota, one, Map.of(CONTAINERS, 2L)))
                .containsExactly(new Excess(CONTAINERS, 2, 2, 1));
        assertThat(Admission.judge(quota, one, Map.of(CONTAINERS, Long.MAX_VALUE)))
                .hasSize(1);
        assertThat(Admission.judge(Quota.UNLIMITED, one, Map.of(CONTAINERS, Long.MAX_VALUE)))
                .isEmpty();
    }

    @Test
    void countsWhatIsDeclaredOnlyUnderThePolicyReserve() {
        Demand demand = Demand.of(CPUS, 1500);
        Map<QuotaResource, Long> charged = Map.of(CPUS, 1000L);
        assertThat(Admission.judge(quota(Map.of(CPUS, 2000L)), demand, charged)).isEmpty();
        assertThat(Admission.judge(new Quota(Map.of(CPUS, 2000L), Set.of(CPUS), 1), demand, charged))
                .containsExactly(new Excess(CPUS, 2000, 1000, 1500));
    }

    @Test
    void boundsOneContainerByItself() {
        assertThat(Admission.judge(
                        quota(Map.of(MAX_CONTAINER_CPUS, 500L)), Demand.of(MAX_CONTAINER_CPUS, 501), Map.of()))
                .containsExactly(new Excess(MAX_CONTAINER_CPUS, 500, 0, 501));
    }

    @Test
    void tellsTheKernelOfPools() {
        assertThat(quota(Map.of(CPUS, 1500L, MEMORY, 1L << 29, CONTAINERS, 3L)).groupLimits())
                .isEqualTo(new ResourceLimits(1500L, 1L << 29, null, null, null, null));
        assertThat(Quota.UNLIMITED.groupLimits()).isEqualTo(ResourceLimits.UNLIMITED);
    }

    @Test
    void refusesWhatContradictsItself() {
        assertThat(pointers(Map.of(MEMORY, 1L << 28, MAX_CONTAINER_MEMORY, 1L << 29), Set.of()))
                .containsExactly("/maxContainerMemory");
        assertThat(pointers(Map.of(CPUS, 1000L, MAX_CONTAINER_CPUS, 2000L), Set.of()))
                .containsExactly("/maxContainerCpus");
        assertThat(pointers(Map.of(CONTAINERS, 3L, RUNNING_CONTAINERS, 4L), Set.of()))
                .containsExactly("/runningContainers");
        assertThat(pointers(Map.of(), Set.of(PIDS))).containsExactly("/policies/pids");
    }

    @Test
    void refusesWhatIsAbsurd() {
        assertThat(pointers(Map.of(CPUS, 1_000_001_000L, PIDS, 0L, MAX_TTL, 0L), Set.of()))
                .containsExactly("/cpus", "/pids", "/maxTtl");
        assertThatCode(() -> QuotaValidator.validate(quota(Map.of(CONTAINERS, 0L, CPUS, 10L, MEMORY, 4L << 20))))
                .doesNotThrowAnyException();
    }

    @Test
    void explainsARefusalInWords() {
        Refusal refusal = new Refusal(
                new TenantId("acme"), CPUS, 2000, 1500, 1000, new Holders(5, List.of("web", "db", "cache")));
        assertThat(refusal.detail())
                .isEqualTo(
                        "tenant 'acme' may use 2 cores (cpus), 1.5 cores is in use and 1 core more is asked for: ask for"
                                + " less, stop one of the 5 running containers: web, db, cache and 2 more, or lower the limit of one");
        assertThat(refusal.quota()).containsEntry("scope", "tenant").containsEntry("unit", "cores");
        assertThat(refusal.quota().get("used")).hasToString("1.5");
        assertThat(new Refusal(
                                new TenantId("acme"),
                                MAX_CONTAINER_MEMORY,
                                64L << 20,
                                0,
                                1L << 30,
                                new Holders(0, List.of()))
                        .detail())
                .startsWith(
                        "a container of tenant 'acme' may have at most 64MiB (maxContainerMemory), and 1GiB is asked for");
    }

    @Test
    void writesAmountsAsPeopleReadThem() {
        assertThat(CPUS.words(20_000)).isEqualTo("20 cores");
        assertThat(CPUS.unit().wire(20_000)).hasToString("20");
        assertThat(MAX_TTL.words(43_200)).isEqualTo("12h");
        assertThat(MAX_TTL.words(90)).isEqualTo("1m30s");
    }

    private static List<String> pointers(Map<QuotaResource, Long> limits, Set<QuotaResource> reserved) {
        List<FieldError> errors = new java.util.ArrayList<>();
        assertThatThrownBy(() -> QuotaValidator.validate(new Quota(limits, reserved, 0)))
                .isInstanceOfSatisfying(BerthException.class, e -> errors.addAll(e.errors()));
        return errors.stream().map(FieldError::pointer).toList();
    }

    private static Quota quota(Map<QuotaResource, Long> limits) {
        return new Quota(limits, Set.of(), 1);
    }
}
