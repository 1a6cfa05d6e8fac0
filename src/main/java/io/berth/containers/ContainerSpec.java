package io.berth.containers;

import io.berth.common.ByteSize;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants a container to be. {@link SpecValidator} tells whether it makes sense.
 *
 * @param name unique in the tenant; made up if absent
 * @param image a reference or id
 * @param command takes the place of the image's entrypoint; absent means the image's own
 * @param args take the place of the image's command
 * @param env on top of the image's
 * @param user {@code user}, {@code uid}, {@code user:group}, {@code uid:gid}; absent means the image's
 * @param tty whether the main process gets a terminal
 * @param stdin whether its standard input stays open while nobody is attached
 * @param stdinOnce whether the end of the first client's input ends the process's
 * @param hostname the name if absent
 * @param stopSignal what asks it to stop; the image's, or SIGTERM, if absent
 * @param stopTimeout how long it then has before it is killed; 10 s if absent
 * @param ttl after this time it is deleted, running or not
 * @param idleTimeout when nobody has used it for so long while it ran it is stopped; never if absent
 * @param autoRemove whether it is deleted when it ends
 * @param tmpfs mount point to size
 * @param init whether a small init runs as process 1
 * @param healthcheck how to tell whether it does its work; absent means the image's own
 */
public record ContainerSpec(
        @Nullable String name,
        String image,
        @Nullable List<String> command,
        @Nullable List<String> args,
        Map<String, String> env,
        @Nullable String workingDir,
        @Nullable String user,
        boolean tty,
        boolean stdin,
        boolean stdinOnce,
        @Nullable String hostname,
        Map<String, String> labels,
        Resources resources,
        RestartPolicy restartPolicy,
        @Nullable String stopSignal,
        @Nullable Duration stopTimeout,
        @Nullable Duration ttl,
        @Nullable Duration idleTimeout,
        boolean autoRemove,
        boolean readOnlyRootfs,
        Map<String, ByteSize> tmpfs,
        boolean init,
        Capabilities capabilities,
        @Nullable Healthcheck healthcheck) {

    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(10);

    public ContainerSpec {
        image = image == null ? "" : image;
        command = command == null ? null : List.copyOf(command);
        args = args == null ? null : List.copyOf(args);
        env = ordered(env);
        labels = ordered(labels);
        tmpfs = ordered(tmpfs);
        resources = resources == null ? Resources.NONE : resources;
        restartPolicy = restartPolicy == null ? RestartPolicy.NO : restartPolicy;
        capabilities = capabilities == null ? Capabilities.DEFAULT : capabilities;
    }

    private static <V> Map<String, V> ordered(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** The least a container needs. */
    public static ContainerSpec ofImage(String image) {
        return new ContainerSpec(
                null,
                image,
                null,
                null,
                Map.of(),
                null,
                null,
                false,
                false,
                false,
                null,
                Map.of(),
                Resources.NONE,
                RestartPolicy.NO,
                null,
                null,
                null,
                null,
                false,
                false,
                Map.of(),
                false,
                Capabilities.DEFAULT,
                null);
    }

    Duration stopTimeoutOrDefault() {
        return stopTimeout == null ? DEFAULT_STOP_TIMEOUT : stopTimeout;
    }

    /** The same under that name, with those resources and that health check. */
    ContainerSpec completed(String chosenName, Resources chosenResources, @Nullable Healthcheck chosenHealthcheck) {
        return with(chosenName, labels, chosenResources, restartPolicy, ttl, chosenHealthcheck);
    }

    /** The same with what may be changed later changed. */
    ContainerSpec edited(Map<String, String> newLabels, Resources newResources, RestartPolicy newPolicy) {
        return with(name, newLabels, newResources, newPolicy, ttl, healthcheck);
    }

    /** The same with this time to live. */
    ContainerSpec living(@Nullable Duration otherTtl) {
        return with(name, labels, resources, restartPolicy, otherTtl, healthcheck);
    }

    private ContainerSpec with(
            @Nullable String otherName,
            Map<String, String> otherLabels,
            Resources otherResources,
            RestartPolicy otherPolicy,
            @Nullable Duration otherTtl,
            @Nullable Healthcheck otherHealthcheck) {
        return new ContainerSpec(
                otherName,
                image,
                command,
                args,
                env,
                workingDir,
                user,
                tty,
                stdin,
                stdinOnce,
                hostname,
                otherLabels,
                otherResources,
                otherPolicy,
                stopSignal,
                stopTimeout,
                otherTtl,
                idleTimeout,
                autoRemove,
                readOnlyRootfs,
                tmpfs,
                init,
                capabilities,
                otherHealthcheck);
    }
}
