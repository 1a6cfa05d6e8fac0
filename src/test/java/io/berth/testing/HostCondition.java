package io.berth.testing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Skips a test that needs what the machine lacks, with the reason; with {@code BERTH_REQUIRE_KERNEL_TESTS=1} it runs, and
 * so fails, instead.
 */
final class HostCondition implements ExecutionCondition {

    private static final List<String> BROWSER = List.of("node", "npm", "chromium");
    private static final boolean REQUIRED = "1".equals(System.getenv("BERTH_REQUIRE_KERNEL_TESTS"));

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String missing = context.getElement()
                .map(element -> {
                    if (AnnotationSupport.isAnnotated(element, RequiresRoot.class) && !Host.isRoot()) {
                        return "root";
                    }
                    if (AnnotationSupport.isAnnotated(element, RequiresCgroupV2.class) && !Host.hasCgroupV2()) {
                        return "a cgroup v2 tree";
                    }
                    Stream<String> browser = AnnotationSupport.isAnnotated(element, RequiresBrowser.class)
                            ? BROWSER.stream()
                            : Stream.of();
                    Stream<String> programs = AnnotationSupport.findAnnotation(element, RequiresProgram.class).stream()
                            .flatMap(found -> Arrays.stream(found.value()));
                    return Stream.concat(browser, programs)
                            .filter(program -> !Host.hasProgram(program))
                            .findFirst()
                            .orElse("");
                })
                .orElse("");
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("the machine has what the test needs");
        }
        if (REQUIRED) {
            throw new IllegalStateException("this test needs " + missing + ", and BERTH_REQUIRE_KERNEL_TESTS=1");
        }
        return ConditionEvaluationResult.disabled("needs " + missing);
    }
}
