package io.berth.tenants.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page that explains quotas, with its tables made from {@link QuotaResource}, {@link Charge} and {@link ContainerPhase}. */
final class QuotaPage {

    private static final String INTRODUCTION = """
            # Quotas

            What a tenant may use. This page is made from the code's own table (`QuotaResource`); a test keeps the two equal.

            Administrators of the platform set quotas, members see them:

            ```sh
            curl -X PUT -H "$AUTH" -H "$JSON" $URL/quota -d '{"cpus": 1, "memory": "512MiB", "pids": 100, "containers": 5}'
            curl -X PATCH -H "$AUTH" -H "$JSON" $URL/quota -d '{"images": 20, "policies": {"memory": "reserve"}}'
            curl -H "$AUTH" $URL/quota       # the limits; null is unlimited
            curl -H "$AUTH" $URL/usage       # limit, used and reserved of each resource, now
            curl -H "$AUTH" -H "$JSON" $URL/quota/check -d '{"container": {"image": "busybox", "resources": {"cpus": 2}}}'
            ```

            `PUT` sets the whole quota, `PATCH` merges into it; both take `If-Match`. `POST quota/preview` tells what a
            patch would put above its limit, and changes nothing. `quota/check` tells all that a container, or a
            list of `amounts`, would be refused for, in the words of the refusal, without doing anything.

            """;

    private static final String ENFORCEMENT = """

            ## How they are held

            **Admission.** A request that does not fit is refused with 403 `quota-exceeded`; the problem's member `quota` has scope,
            resource, limit, used, requested and unit, its detail says what would make room. The decision is made in the transaction
            that takes the room, behind a lock of the tenant's quota (of execs: in memory), so that two requests at once never
            both get the last unit. What fails, or is deleted, gives its room back at once; nothing is counted apart from the things
            themselves.

            **The kernel.** Pools are limits of the tenant's cgroup, above those of its containers, and changed while containers run.
            By the policy `share`, the default, the limits of containers may add up to more than the pool. By `reserve` those of
            running containers may not; each container must then declare one. A limit that is not declared is `maxContainerCpus`,
            `maxContainerMemory` or `maxTtl`, where there is one. Containers that run when `reserve` is set and have declared none
            reserve nothing until they are started again. Between tenants that want more CPU than there is, it is shared evenly.
            What is killed still needs processor time, and first waits for what it has begun to read and write. If that takes longer than
            0.1 s, it gets at least a core and 64 MiB/s to come to its end, and its tenant with it, for 10 s at most; on v1 the I/O rate of its
            container is off.

            **Lowering below what is in use** is allowed. The answer's member `over` says of what too much is in use; what runs goes on,
            also through restarts by its policy, and nothing more is let in. Memory is never taken by killing: the kernel reclaims what
            it can, its limit is set just above the rest (a sixteenth, at least 16 MiB) and lowered as use falls, every two seconds;
            until it has arrived nothing is started. Processes above a lowered `pids` go on; new ones fail. A start or an exec, whose
            first process the kernel would let in from outside, is refused while `pids` is spent.
            A single container's memory limit cannot be set below what it has in use.

            **Requests** are counted in buckets that hold a minute's worth and fill evenly, in memory. Every answer has
            `RateLimit-Policy` and `RateLimit`, a refusal is 429 with `Retry-After`, an opened stream counts as a request and is refused
            with close code 4429. Requests of platform administrators are not counted against a tenant. Each token or session has a
            bucket as well (`berth.rate-limit.credential-requests-per-minute`), and so has each address for requests
            without good credentials (`berth.rate-limit.unauthenticated-requests-per-minute`); a good token gets through all the same
            if it was good before.
            """;

    private QuotaPage() {}

    static String render() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("## Resources\n\n");
        table(
                page,
                List.of("Resource", "Unit", "Kind", "Least", "Most", "Charged by", "Policy", "Kernel"),
                Stream.of(QuotaResource.values())
                        .map(resource -> List.of(
                                "`" + resource.wireName() + "`",
                                resource.unit().wireName(),
                                kind(resource.level()),
                                resource.words(resource.least()),
                                resource.words(resource.most()),
                                resource.charge().words(),
                                resource.hasPolicy() ? "share or reserve" : "",
                                resource.kernel().files()))
                        .toList());
        Stream.of(QuotaResource.values())
                .filter(resource -> resource.within() != null)
                .forEach(resource -> page.append("\n`")
                        .append(resource.wireName())
                        .append("` must not be more than `")
                        .append(resource.within().wireName())
                        .append("`.\n"));
        page.append("\n## Which state of a container charges what\n\n");
        List<QuotaResource> charged = Stream.of(QuotaResource.values())
                .filter(resource -> Stream.of(ContainerPhase.values())
                        .anyMatch(phase -> resource.charge().isMadeBy(phase)))
                .toList();
        List<String> head = new ArrayList<>(List.of("State"));
        charged.forEach(resource -> head.add("`" + resource.wireName() + "`"));
        table(
                page,
                head,
                Stream.of(ContainerPhase.values())
                        .map(phase -> row(phase, charged))
                        .toList());
        return page.append(ENFORCEMENT).toString();
    }

    private static List<String> row(ContainerPhase phase, List<QuotaResource> charged) {
        List<String> row = new ArrayList<>(List.of(phase.words()));
        charged.forEach(resource -> row.add(resource.charge().isMadeBy(phase) ? "yes" : ""));
        return row;
    }

    private static String kind(Level level) {
        return switch (level) {
            case POOL -> "pool";
            case COUNT -> "count";
            case RATE -> "rate";
            case EACH -> "of one container";
        };
    }

    private static void table(StringBuilder page, List<String> head, List<List<String>> rows) {
        page.append(line(head)).append(head.stream().map(column -> "---").collect(Collectors.joining("|", "|", "|\n")));
        rows.forEach(row -> page.append(line(row)));
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
