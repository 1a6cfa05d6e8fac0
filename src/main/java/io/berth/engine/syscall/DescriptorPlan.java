package io.berth.engine.syscall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The steps by which a child gets its descriptors, in this order. A descriptor whose number another one is to have is
 * moved out of the way first, so that {3 &lt;- 4, 4 &lt;- 3} works.
 *
 * @param copies dup2(2) calls
 * @param devNull standard numbers that nobody named
 * @param closed numbers below {@code closeFrom} that the child must not have
 * @param closeFrom this number and all above are closed
 */
record DescriptorPlan(List<Copy> copies, List<Integer> devNull, List<Integer> closed, int closeFrom) {

    private static final int STANDARD = 3;

    record Copy(int from, int to) {}

    /** @param sources number in the child to number here */
    static DescriptorPlan of(Map<Integer, Integer> sources) {
        SortedSet<Integer> targets = new TreeSet<>(sources.keySet());
        for (int standard = 0; standard < STANDARD; standard++) {
            targets.add(standard);
        }
        Set<Integer> taken = new HashSet<>(targets);
        taken.addAll(sources.values());

        List<Copy> copies = new ArrayList<>();
        Map<Integer, Integer> moved = new HashMap<>();
        sources.forEach((target, source) -> {
            if (!target.equals(source) && targets.contains(source) && !moved.containsKey(source)) {
                int free = STANDARD;
                while (!taken.add(free)) {
                    free++;
                }
                moved.put(source, free);
                copies.add(new Copy(source, free));
            }
        });
        sources.forEach((target, source) ->
                copies.add(new Copy(target.equals(source) ? source : moved.getOrDefault(source, source), target)));

        List<Integer> devNull = new ArrayList<>();
        for (int standard = 0; standard < STANDARD; standard++) {
            if (!sources.containsKey(standard)) {
                devNull.add(standard);
            }
        }
        int closeFrom = targets.last() + 1;
        List<Integer> closed = new ArrayList<>();
        for (int number = STANDARD; number < closeFrom; number++) {
            if (!targets.contains(number)) {
                closed.add(number);
            }
        }
        return new DescriptorPlan(copies, devNull, closed, closeFrom);
    }
}
