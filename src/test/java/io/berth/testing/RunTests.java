package io.berth.testing;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs test classes without Maven, where there is none: {@code RunTests CLASS...}. Each test is a line on standard output; the last line
 * has the counts. Exits with 1 if a test failed or none was found.
 */
public final class RunTests {

    private static final int MAX_STACK_LINES = 40;

    private RunTests() {}

    public static void main(String[] classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes)
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .build();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary, new Progress(out));
        TestExecutionSummary counts = summary.getSummary();
        counts.printFailuresTo(out, MAX_STACK_LINES);
        long failed = counts.getTotalFailureCount();
        out.printf(
                "Tests run: %d, Failures: %d, Skipped: %d, Time: %.1f s%n",
                counts.getTestsStartedCount(),
                failed,
                counts.getTestsSkippedCount() + counts.getContainersSkippedCount(),
                (counts.getTimeFinished() - counts.getTimeStarted()) / 1000.0);
        // threads that a failed test left behind must not keep the process
        System.exit(failed == 0 && counts.getTestsFoundCount() > 0 ? 0 : 1);
    }

    /** Says at once what happened, so that a run that is cut off shows where. */
    private static final class Progress implements TestExecutionListener {

        private final PrintWriter out;
        private long started;

        private Progress(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            started = System.nanoTime();
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            out.printf("SKIPPED %s: %s%n", test.getDisplayName(), reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean failed = result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || failed) {
                out.printf(
                        "%-7s %s (%.1f s)%s%n",
                        failed ? "FAILED" : "ok",
                        test.getDisplayName(),
                        (System.nanoTime() - started) / 1e9,
                        result.getThrowable().map(cause -> ": " + cause).orElse(""));
            }
        }
    }
}
