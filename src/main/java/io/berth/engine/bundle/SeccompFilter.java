package io.berth.engine.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The seccomp filter every container gets. crun compiles the allow-list for each container anew, which takes longer than
 * all else it does; but it leaves the compiled program beside its state, and takes one compiled before from the
 * annotation {@code run.oci.seccomp_bpf_data}. So the first container's program serves the others too. Whoever creates a
 * container compares what the runtime is about to load with {@link #accept}: a runtime that passes over the annotation
 * never runs a container without a filter.
 *
 * @see <a href="https://github.com/containers/crun/blob/main/crun.1.md">crun(1), annotations</a>
 */
public final class SeccompFilter {

    private static final RawValue PROFILE = new RawValue(Seccomp.profile(System.getProperty("os.arch", "amd64")));
    /** Makes crun enter its seccomp code at all; the annotation's program replaces what it says. */
    private static final RawValue PLACEHOLDER = new RawValue("{\"defaultAction\":\"SCMP_ACT_ERRNO\"}");

    private final boolean canReuse;
    private volatile byte @Nullable [] compiled;
    private volatile boolean refused;

    /** @param canReuse whether the runtime is crun */
    public SeccompFilter(boolean canReuse) {
        this.canReuse = canReuse;
    }

    void writeTo(ObjectNode root, ObjectNode linux) {
        byte[] program = compiled;
        if (program == null || refused) {
            linux.putRawValue("seccomp", PROFILE);
        } else {
            linux.putRawValue("seccomp", PLACEHOLDER);
            root.putObject("annotations")
                    .put("run.oci.seccomp_bpf_data", Base64.getEncoder().encodeToString(program));
        }
    }

    /** Whether {@link #accept} is to be told what the runtime compiled. */
    public boolean reuses() {
        return canReuse && !refused;
    }

    /**
     * Hears which program the runtime will load into the container it has just created.
     *
     * @return whether it is the right one. If not, the container must not be started; the next one gets the whole list.
     */
    public boolean accept(byte[] program) {
        byte[] expected = compiled;
        if (expected == null) {
            compiled = program.clone();
            return true;
        }
        if (Arrays.equals(expected, program)) {
            return true;
        }
        refused = true;
        return false;
    }
}
