package io.berth.events;

import io.berth.common.BerthException;
import io.berth.tenants.TenantId;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted.
 *
 * @param tenant whose, {@code null} is everybody's
 * @param types exact, or a whole family as in {@code container.*}; empty is all
 * @param objects ids; empty is all
 */
public record EventFilter(@Nullable TenantId tenant, Set<String> types, Set<String> objects) {

    /** Types or objects of one filter. */
    public static final int MAX_ENTRIES = 50;

    private static final Pattern TYPE = Pattern.compile("[a-z]{1,32}\\.([a-zA-Z-]{1,32}|\\*)");
    private static final int MAX_OBJECT = 128;

    public EventFilter {
        types = Set.copyOf(types);
        objects = Set.copyOf(objects);
    }

    /**
     * Reads query parameters.
     *
     * @throws BerthException {@code VALIDATION_FAILED} naming the bad one
     */
    public static EventFilter parse(@Nullable TenantId tenant, List<String> types, List<String> objects) {
        checkTypes("?type", types);
        if (objects.size() > MAX_ENTRIES
                || objects.stream().anyMatch(o -> o.isEmpty() || o.length() > MAX_OBJECT || o.indexOf('\0') >= 0)) {
            throw BerthException.invalidField("?object", "must be at most " + MAX_ENTRIES + " ids");
        }
        return new EventFilter(tenant, Set.copyOf(types), Set.copyOf(objects));
    }

    /**
     * Passes if every text is a type or a family of types.
     *
     * @param pointer what to name in the problem
     * @throws BerthException {@code VALIDATION_FAILED}
     */
    public static void checkTypes(String pointer, List<String> types) {
        if (types.size() > MAX_ENTRIES) {
            throw BerthException.invalidField(pointer, "must be at most " + MAX_ENTRIES + " types");
        }
        for (String type : types) {
            if (type == null || !TYPE.matcher(type).matches()) {
                throw BerthException.invalidField(
                        pointer, "must be a type such as 'container.started', or a family such as 'container.*'");
            }
        }
    }

    /** Whether the event is wanted. */
    public boolean matches(Event event) {
        return (tenant == null || tenant.equals(event.tenant()))
                && (objects.isEmpty() || objects.contains(event.object()))
                && matchesType(types, event.type());
    }

    /** Whether a type is one of these, or of their families; none are all. */
    public static boolean matchesType(Set<String> types, String type) {
        return types.isEmpty() || types.contains(type) || types.contains(family(type));
    }

    private static String family(String type) {
        return type.substring(0, type.indexOf('.') + 1) + '*';
    }
}
