package io.berth.execs.rest;

import io.berth.execs.ExecResult;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What came of an exec with {@code wait}.
 *
 * @param encoding of stdout and stderr: {@code utf-8}, in which bytes that are none are replaced, or {@code base64}
 */
public record ExecResultView(
        int exitCode,
        String stdout,
        String stderr,
        String encoding,
        boolean truncated,
        boolean timedOut,
        double durationMs) {

    static ExecResultView of(ExecResult result, boolean base64) {
        return new ExecResultView(
                result.exitCode(),
                text(result.stdout(), base64),
                text(result.stderr(), base64),
                base64 ? "base64" : "utf-8",
                result.truncated(),
                result.timedOut(),
                result.duration().toNanos() / 1000 / 1000.0);
    }

    private static String text(byte[] bytes, boolean base64) {
        return base64 ? Base64.getEncoder().encodeToString(bytes) : new String(bytes, StandardCharsets.UTF_8);
    }
}
