package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.engine.ContainerId;

/** What can be wrong with a request for a container. */
public final class ContainerErrors {

    private ContainerErrors() {}

    public static BerthException notFound(String idOrName) {
        String shown = idOrName.length() > 64 ? idOrName.substring(0, 64) + "…" : idOrName;
        return new BerthException(
                ErrorCode.CONTAINER_NOT_FOUND, "there is no container '" + shown + "' in this tenant");
    }

    public static BerthException nameTaken(String name) {
        return new BerthException(
                ErrorCode.NAME_TAKEN,
                "there is a container '" + name + "' already: delete it, or leave 'name' out to have one made up");
    }

    static BerthException imageNotFound(String image) {
        return new BerthException(
                ErrorCode.IMAGE_NOT_FOUND,
                "the tenant has no image '" + image
                        + "' and it names no registry: import it, or give a reference such as"
                        + " 'registry.example/name:tag'");
    }

    static BerthException busy(ContainerId id) {
        return new BerthException(
                ErrorCode.WRONG_STATE, "container " + id + " is being worked on by another request: try again later");
    }

    static BerthException wrongState(Container container, String action, String wayOut) {
        return new BerthException(
                ErrorCode.WRONG_STATE,
                "container '" + container.name() + "' is " + container.state().wireName() + " and cannot be " + action
                        + ": " + wayOut);
    }
}
