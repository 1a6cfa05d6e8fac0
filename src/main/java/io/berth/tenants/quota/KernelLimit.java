package io.berth.tenants.quota;

/** Where on the tenant's cgroup the kernel is told of a limit. */
public enum KernelLimit {
    NONE(""),
    CPU("`cpu.max` (v1: `cpu.cfs_quota_us`)"),
    MEMORY("`memory.max`, no swap (v1: `memory.limit_in_bytes`)"),
    PIDS("`pids.max`"),
    IO_READ("`io.max` rbps (v1: by `reserve` only, on each container)"),
    IO_WRITE("`io.max` wbps (v1: by `reserve` only, on each container)");

    private final String files;

    KernelLimit(String files) {
        this.files = files;
    }

    /** The cgroup's files, for the manual. */
    public String files() {
        return files;
    }
}
