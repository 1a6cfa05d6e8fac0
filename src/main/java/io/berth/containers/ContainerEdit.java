package io.berth.containers;

import java.util.Map;

/** What of a container can be changed after it was made. */
public record ContainerEdit(Map<String, String> labels, Resources resources, RestartPolicy restartPolicy) {

    public ContainerEdit {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        resources = resources == null ? Resources.NONE : resources;
        restartPolicy = restartPolicy == null ? RestartPolicy.NO : restartPolicy;
    }

    static ContainerEdit of(ContainerSpec spec) {
        return new ContainerEdit(spec.labels(), spec.resources(), spec.restartPolicy());
    }
}
