package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ByteSize;
import io.berth.common.ErrorCode;
import io.berth.common.Signals;
import io.berth.common.Texts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells everything that is wrong with a specification at once, each with a pointer to the field. */
final class SpecValidator {

    static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern HOSTNAME = Pattern.compile(
            "(?=.{1,63}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
    private static final Pattern USER = Pattern.compile("[^:\\s\\x00-\\x1f]{1,64}(:[^:\\s\\x00-\\x1f]{1,64})?");
    private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");
    private static final Pattern CAPABILITY = Pattern.compile("CAP_[A-Z_]{2,32}|ALL");
    private static final Set<String> KERNEL_DIRECTORIES = Set.of("/proc", "/sys", "/dev");

    private static final int MAX_ARGUMENTS = 4096;
    /** The kernel's MAX_ARG_STRLEN, see execve(2). */
    private static final int MAX_ARGUMENT_BYTES = 128 * 1024 - 1;

    private static final int MAX_ENV = 1000;
    private static final int MAX_LABELS = 64;
    private static final int MAX_LABEL_VALUE = 1024;
    private static final int MAX_TMPFS = 32;
    private static final int MAX_PATH = 4095;
    private static final BigDecimal MIN_CPUS = new BigDecimal("0.01");
    private static final BigDecimal MAX_CPUS = new BigDecimal("4096");
    private static final ByteSize MIN_MEMORY = ByteSize.ofMebibytes(4);
    private static final ByteSize MAX_MEMORY = ByteSize.ofMebibytes(64L << 20);
    private static final ByteSize PAGE = new ByteSize(4096);
    private static final long MAX_PIDS = 4_194_304;
    private static final Duration MAX_STOP_TIMEOUT = Duration.ofHours(1);
    private static final Duration MAX_TTL = Duration.ofDays(3650);
    private static final Duration MIN_IDLE_TIMEOUT = Duration.ofSeconds(10);

    private final List<FieldError> errors = new ArrayList<>();

    private SpecValidator() {}

    /** @throws BerthException {@code VALIDATION_FAILED} with every bad field */
    static void validate(ContainerSpec spec) {
        SpecValidator validator = new SpecValidator();
        validator.identity(spec);
        validator.process(spec);
        validator.labels(spec.labels());
        validator.resources(spec.resources());
        validator.lifecycle(spec);
        validator.tmpfs(spec.tmpfs());
        validator.capabilities(spec.capabilities());
        validator.healthcheck(spec.healthcheck());
        validator.finish();
    }

    private void identity(ContainerSpec spec) {
        if (spec.name() != null && !NAME.matcher(spec.name()).matches()) {
            refuse("/name", "must be 1 to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit");
        }
        if (spec.image().isBlank()) {
            refuse("/image", "is required: a reference such as 'busybox', or an image's id");
        } else if (spec.image().length() > 512 || hasControl(spec.image())) {
            refuse("/image", "is not an image reference");
        }
        if (spec.hostname() != null && !HOSTNAME.matcher(spec.hostname()).matches()) {
            refuse("/hostname", "must be a host name of at most 63 characters");
        }
    }

    private void process(ContainerSpec spec) {
        arguments("/command", spec.command());
        arguments("/args", spec.args());
        if (spec.env().size() > MAX_ENV) {
            refuse("/env", "has " + spec.env().size() + " entries, at most " + MAX_ENV + " are possible");
        }
        spec.env().forEach((name, value) -> {
            if (name.isEmpty()
                    || name.indexOf('=') >= 0
                    || hasControl(name)
                    || tooLong(name + value)
                    || !Texts.isPassable(value)) {
                refuse(
                        "/env/" + escape(name),
                        "a name must not be empty or hold '=' or control characters, both must be Unicode text, a value"
                                + " without NUL, together at most 128 KiB");
            }
        });
        if (spec.workingDir() != null && !isAbsolute(spec.workingDir())) {
            refuse("/workingDir", "must be an absolute path without '..'");
        }
        if (spec.user() != null && (!USER.matcher(spec.user()).matches() || !Texts.isUnicode(spec.user()))) {
            refuse("/user", "must be a user or uid, and perhaps ':' and a group or gid");
        }
        if (spec.stdinOnce() && !spec.stdin()) {
            refuse("/stdinOnce", "needs 'stdin': true");
        }
    }

    private void arguments(String pointer, @Nullable List<String> arguments) {
        if (arguments == null) {
            return;
        }
        if (arguments.size() > MAX_ARGUMENTS) {
            refuse(pointer, "has " + arguments.size() + " entries, at most " + MAX_ARGUMENTS + " are possible");
        }
        for (int i = 0; i < arguments.size(); i++) {
            if (!Texts.isPassable(arguments.get(i)) || tooLong(arguments.get(i))) {
                refuse(pointer + "/" + i, "must be Unicode text without NUL, and not be longer than 128 KiB");
            }
        }
        if (pointer.equals("/command")
                && !arguments.isEmpty()
                && arguments.get(0).isEmpty()) {
            refuse("/command/0", "must name a program");
        }
    }

    private void labels(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            refuse("/labels", "has " + labels.size() + " entries, at most " + MAX_LABELS + " are possible");
        }
        labels.forEach((key, value) -> {
            if (!LABEL_KEY.matcher(key).matches()) {
                refuse("/labels/" + escape(key), "a key must be 1 to 128 letters, digits, '.', '_', '/', '-'");
            }
            if (value.length() > MAX_LABEL_VALUE || hasControl(value)) {
                refuse("/labels/" + escape(key), "must be at most 1024 characters without control characters");
            }
        });
    }

    private void resources(Resources resources) {
        BigDecimal cpus = resources.cpus();
        if (cpus != null && (cpus.compareTo(MIN_CPUS) < 0 || cpus.compareTo(MAX_CPUS) > 0)) {
            refuse("/resources/cpus", "must be a number of cores from 0.01 to 4096, not " + clip(cpus.toString()));
        } else if (cpus != null && cpus.stripTrailingZeros().scale() > 3) {
            refuse("/resources/cpus", "must have at most 3 decimals");
        }
        size("/resources/memory", resources.memory(), MIN_MEMORY);
        if (resources.pids() != null && (resources.pids() < 1 || resources.pids() > MAX_PIDS)) {
            refuse("/resources/pids", "must be from 1 to " + MAX_PIDS + ", not " + resources.pids());
        }
        if (resources.cpuWeight() != null && (resources.cpuWeight() < 1 || resources.cpuWeight() > 10_000)) {
            refuse("/resources/cpuWeight", "must be from 1 to 10000, not " + resources.cpuWeight());
        }
        size("/resources/ioRead", resources.ioRead(), PAGE);
        size("/resources/ioWrite", resources.ioWrite(), PAGE);
    }

    private void size(String pointer, @Nullable ByteSize size, ByteSize least) {
        if (size != null && (size.compareTo(least) < 0 || size.compareTo(MAX_MEMORY) > 0)) {
            refuse(pointer, "must be from " + least + " to " + MAX_MEMORY + ", not " + size);
        }
    }

    private void lifecycle(ContainerSpec spec) {
        RestartPolicy policy = spec.restartPolicy();
        if (policy.maxRetries() != null) {
            if (policy.name() != RestartPolicy.Kind.ON_FAILURE) {
                refuse("/restartPolicy/maxRetries", "is possible with the policy 'on-failure' only");
            } else if (policy.maxRetries() < 1 || policy.maxRetries() > 1_000_000) {
                refuse("/restartPolicy/maxRetries", "must be from 1 to 1000000, not " + policy.maxRetries());
            }
        }
        if (spec.autoRemove() && policy.name() != RestartPolicy.Kind.NO) {
            refuse("/autoRemove", "cannot be had together with a restart policy");
        }
        if (spec.stopSignal() != null) {
            try {
                Signals.parse(spec.stopSignal());
            } catch (IllegalArgumentException e) {
                refuse("/stopSignal", String.valueOf(e.getMessage()));
            }
        }
        if (spec.stopTimeout() != null && spec.stopTimeout().compareTo(MAX_STOP_TIMEOUT) > 0) {
            refuse("/stopTimeout", "must be at most 1h");
        }
        if (spec.ttl() != null && (spec.ttl().isZero() || spec.ttl().compareTo(MAX_TTL) > 0)) {
            refuse("/ttl", "must be from 1s to 3650d");
        }
        within("/idleTimeout", spec.idleTimeout(), MIN_IDLE_TIMEOUT, MAX_TTL);
        if (spec.stopTimeout() != null && spec.stopTimeout().isNegative()) {
            refuse("/stopTimeout", "must not be negative");
        }
        if (spec.ttl() != null && spec.ttl().isNegative()) {
            refuse("/ttl", "must not be negative");
        }
    }

    private void tmpfs(Map<String, ByteSize> tmpfs) {
        if (tmpfs.size() > MAX_TMPFS) {
            refuse("/tmpfs", "has " + tmpfs.size() + " entries, at most " + MAX_TMPFS + " are possible");
        }
        tmpfs.forEach((path, size) -> {
            String pointer = "/tmpfs/" + escape(path);
            if (!isAbsolute(path) || path.equals("/")) {
                refuse(pointer, "must be an absolute path without '..', and not the root");
            } else if (KERNEL_DIRECTORIES.stream().anyMatch(dir -> path.equals(dir) || path.startsWith(dir + "/"))) {
                refuse(pointer, "must not be in /proc, /sys or /dev");
            }
            size(pointer, size, PAGE);
        });
    }

    private void capabilities(Capabilities capabilities) {
        for (int i = 0; i < capabilities.add().size(); i++) {
            if (!Capabilities.CEILING.contains(
                    Capabilities.normalise(capabilities.add().get(i)))) {
                refuse(
                        "/capabilities/add/" + i,
                        "'" + clip(capabilities.add().get(i)) + "' cannot be given; possible are "
                                + Capabilities.CEILING.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
        for (int i = 0; i < capabilities.drop().size(); i++) {
            if (!CAPABILITY
                    .matcher(Capabilities.normalise(capabilities.drop().get(i)))
                    .matches()) {
                refuse("/capabilities/drop/" + i, "is not the name of a capability, or ALL");
            }
        }
    }

    private void healthcheck(@Nullable Healthcheck check) {
        if (check == null) {
            return;
        }
        if (check.turnsOff() && !check.saysNothingElse()) {
            refuse("/healthcheck/disabled", "cannot be had together with anything else: leave the rest out");
        }
        if (check.command() != null && !Healthcheck.fits(check.command())) {
            refuse(
                    "/healthcheck/command",
                    "must name a program, and have at most " + Healthcheck.MAX_WORDS
                            + " words of Unicode text without NUL, together at most 16 KiB");
        }
        within("/healthcheck/interval", check.interval(), Healthcheck.MIN_INTERVAL, Healthcheck.MAX_INTERVAL);
        within("/healthcheck/timeout", check.timeout(), Healthcheck.MIN_TIMEOUT, Healthcheck.MAX_TIMEOUT);
        within("/healthcheck/startPeriod", check.startPeriod(), Duration.ZERO, Healthcheck.MAX_START_PERIOD);
        Integer retries = check.retries();
        if (retries != null && (retries < 1 || retries > Healthcheck.MAX_RETRIES)) {
            refuse("/healthcheck/retries", "must be from 1 to " + Healthcheck.MAX_RETRIES + ", not " + retries);
        }
    }

    private void within(String pointer, @Nullable Duration time, Duration least, Duration most) {
        if (time != null && (time.compareTo(least) < 0 || time.compareTo(most) > 0)) {
            refuse(pointer, "must be from " + text(least) + " to " + text(most) + ", not " + time.toSeconds() + "s");
        }
    }

    private static String text(Duration time) {
        long seconds = time.toSeconds();
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 86_400 == 0 ? time.toDays() + "d" : time.toMinutes() + "m";
    }

    private void refuse(String pointer, String message) {
        errors.add(new FieldError(pointer, message));
    }

    private void finish() {
        if (!errors.isEmpty()) {
            String detail = errors.stream()
                    .limit(10)
                    .map(error -> error.pointer() + ": " + error.message())
                    .collect(Collectors.joining("; "));
            List<FieldError> reported = errors.subList(0, Math.min(errors.size(), 100));
            throw new BerthException(ErrorCode.VALIDATION_FAILED, detail, reported, Map.of(), null);
        }
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/")
                && path.length() <= MAX_PATH
                && Texts.isPassable(path)
                && !List.of(path.split("/", -1)).contains("..");
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl) || !Texts.isUnicode(text);
    }

    private static boolean tooLong(String text) {
        return text.length() > MAX_ARGUMENT_BYTES / 4
                && text.getBytes(StandardCharsets.UTF_8).length > MAX_ARGUMENT_BYTES;
    }

    private static String escape(String key) {
        return clip(key).replace("~", "~0").replace("/", "~1");
    }

    private static String clip(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "…" : text;
    }
}
