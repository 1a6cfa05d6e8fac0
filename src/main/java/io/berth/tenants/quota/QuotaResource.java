package io.berth.tenants.quota;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a tenant can use up. This table is the one place that names a resource: its form in the API, its bounds, who
 * charges it, how the kernel holds it and what frees it; {@code docs/quotas.md} is made from it.
 */
public enum QuotaResource {
    CPUS("cpus", Unit.CORES, Level.POOL, Charge.CONTAINER_RUNS, KernelLimit.CPU, 10, 1_000_000_000L, null),
    MEMORY("memory", Unit.BYTES, Level.POOL, Charge.CONTAINER_RUNS, KernelLimit.MEMORY, 4L << 20, 1L << 50, null),
    PIDS("pids", Unit.COUNT, Level.POOL, Charge.CONTAINER_RUNS, KernelLimit.PIDS, 1, 4_194_304, null),
    CONTAINERS("containers", Unit.COUNT, Level.COUNT, Charge.CONTAINER_EXISTS, KernelLimit.NONE, 0, 1_000_000, null),
    RUNNING_CONTAINERS(
            "runningContainers",
            Unit.COUNT,
            Level.COUNT,
            Charge.CONTAINER_RUNS,
            KernelLimit.NONE,
            0,
            1_000_000,
            CONTAINERS),
    IMAGES("images", Unit.COUNT, Level.COUNT, Charge.IMAGE_EXISTS, KernelLimit.NONE, 0, 1_000_000, null),
    EXEC_SESSIONS("execSessions", Unit.COUNT, Level.COUNT, Charge.EXEC_RUNS, KernelLimit.NONE, 0, 1_000_000, null),
    IO_READ(
            "ioRead",
            Unit.BYTES_PER_SECOND,
            Level.POOL,
            Charge.CONTAINER_RUNS,
            KernelLimit.IO_READ,
            4096,
            1L << 50,
            null),
    IO_WRITE(
            "ioWrite",
            Unit.BYTES_PER_SECOND,
            Level.POOL,
            Charge.CONTAINER_RUNS,
            KernelLimit.IO_WRITE,
            4096,
            1L << 50,
            null),
    API_REQUESTS_PER_MINUTE(
            "apiRequestsPerMinute",
            Unit.REQUESTS_PER_MINUTE,
            Level.RATE,
            Charge.REQUEST,
            KernelLimit.NONE,
            1,
            1_000_000_000L,
            null),
    MAX_CONTAINER_CPUS(
            "maxContainerCpus", Unit.CORES, Level.EACH, Charge.NOTHING, KernelLimit.NONE, 10, 1_000_000_000L, CPUS),
    MAX_CONTAINER_MEMORY(
            "maxContainerMemory", Unit.BYTES, Level.EACH, Charge.NOTHING, KernelLimit.NONE, 4L << 20, 1L << 50, MEMORY),
    MAX_TTL("maxTtl", Unit.SECONDS, Level.EACH, Charge.NOTHING, KernelLimit.NONE, 1, 3650L * 86_400, null);

    private final String wireName;
    private final Unit unit;
    private final Level level;
    private final Charge charge;
    private final KernelLimit kernel;
    private final long least;
    private final long most;
    private final @Nullable QuotaResource within;

    /** @param within a limit of that resource, where there is one, must not be smaller than one of this */
    QuotaResource(
            String wireName,
            Unit unit,
            Level level,
            Charge charge,
            KernelLimit kernel,
            long least,
            long most,
            @Nullable QuotaResource within) {
        this.wireName = wireName;
        this.unit = unit;
        this.level = level;
        this.charge = charge;
        this.kernel = kernel;
        this.least = least;
        this.most = most;
        this.within = within;
    }

    public String wireName() {
        return wireName;
    }

    public Unit unit() {
        return unit;
    }

    public Level level() {
        return level;
    }

    public Charge charge() {
        return charge;
    }

    public KernelLimit kernel() {
        return kernel;
    }

    /** The smallest limit that makes sense. */
    public long least() {
        return least;
    }

    /** The largest limit that is no mistake. */
    public long most() {
        return most;
    }

    @Nullable
    QuotaResource within() {
        return within;
    }

    /** Whether it has a {@link Policy}. */
    public boolean hasPolicy() {
        return level == Level.POOL;
    }

    /** An amount of it in words. */
    public String words(long amount) {
        return unit.words(amount);
    }

    /** How to make room, in words. */
    String freedBy(Holders holders) {
        return switch (charge) {
            case CONTAINER_EXISTS -> "delete one of the " + holders.words("containers");
            case CONTAINER_RUNS ->
                level == Level.POOL
                        ? "ask for less, stop one of the " + holders.words("running containers")
                                + ", or lower the limit of one"
                        : "stop or delete one of the " + holders.words("running containers");
            case IMAGE_EXISTS -> "delete one of the " + holders.words("images");
            case EXEC_RUNS -> "end one of the " + holders.words("execs");
            case REQUEST -> "try again in a moment";
            case NOTHING -> "ask for no more than the limit, or have an administrator of the platform raise it";
        };
    }

    public static Optional<QuotaResource> find(String wireName) {
        return Arrays.stream(values())
                .filter(resource -> resource.wireName.equals(wireName))
                .findFirst();
    }

    public static List<String> wireNames() {
        return Arrays.stream(values()).map(QuotaResource::wireName).toList();
    }
}
