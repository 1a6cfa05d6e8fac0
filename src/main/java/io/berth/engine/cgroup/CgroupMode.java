package io.berth.engine.cgroup;

/** How the host mounts its control groups. */
public enum CgroupMode {
    /** One hierarchy, version 2, with every controller. */
    V2("v2"),
    /** Version 1 hierarchies have the controllers; a version 2 hierarchy without them is mounted too. */
    HYBRID("hybrid"),
    /** Version 1 hierarchies only. */
    V1("v1");

    private final String label;

    CgroupMode(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
