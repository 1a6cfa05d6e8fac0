package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.Texts;
import io.berth.images.ImageHealthcheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to tell whether a container does its work: a command that is run in it again and again, as its own user, and answers 0 if so.
 * What a client leaves out is the image's, or the default. That of a container that was made is complete.
 *
 * @param command runs without a shell
 * @param interval from the end of a check to the next; 30 s
 * @param timeout after which a check has failed, and is killed with its descendants; 30 s
 * @param retries failures in a row that make the container unhealthy; 3
 * @param startPeriod in which failures do not count while no check has succeeded; 0
 * @param disabled whether there is none, whatever the image says; nothing else may then be said
 */
public record Healthcheck(
        @Nullable List<String> command,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Integer retries,
        @Nullable Duration startPeriod,
        @Nullable Boolean disabled) {

    static final Duration MIN_INTERVAL = Duration.ofSeconds(5);
    static final Duration MAX_INTERVAL = Duration.ofDays(1);
    static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    /** A check has one of few places so long. */
    static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    static final Duration MAX_START_PERIOD = Duration.ofDays(1);
    static final int MAX_RETRIES = 1000;
    static final int MAX_WORDS = 256;
    /** All words together: they are kept in memory while the container runs. */
    static final int MAX_COMMAND_BYTES = 16 << 10;

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final int DEFAULT_RETRIES = 3;

    public Healthcheck {
        command = command == null ? null : List.copyOf(command);
    }

    /**
     * What holds for a container.
     *
     * @param asked valid; {@code null} is whatever the image says
     * @param image its times are moved into the bounds that clients have; a command that is beyond them is none
     * @return complete, or disabled, or {@code null} if nobody says anything
     * @throws BerthException {@code VALIDATION_FAILED} if neither has a command
     */
    static @Nullable Healthcheck complete(@Nullable Healthcheck asked, @Nullable ImageHealthcheck image) {
        if (asked != null && asked.turnsOff()) {
            return asked;
        }
        ImageHealthcheck own = image == null || !fits(image.command()) ? null : image;
        if (asked == null) {
            return own == null ? null : merge(new Healthcheck(null, null, null, null, null, null), own, own.command());
        }
        if (asked.command != null) {
            return merge(asked, own, asked.command);
        }
        if (own == null) {
            throw BerthException.invalidField("/healthcheck/command", "is required: the image has no health check");
        }
        return merge(asked, own, own.command());
    }

    private static Healthcheck merge(Healthcheck asked, @Nullable ImageHealthcheck image, List<String> command) {
        Duration interval = image == null ? null : image.interval();
        Duration timeout = image == null ? null : image.timeout();
        Duration startPeriod = image == null ? null : image.startPeriod();
        Integer retries = image == null ? null : image.retries();
        return new Healthcheck(
                command,
                chosen(asked.interval, interval, DEFAULT_INTERVAL, MIN_INTERVAL, MAX_INTERVAL),
                chosen(asked.timeout, timeout, DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT),
                asked.retries != null
                        ? asked.retries
                        : Integer.valueOf(retries == null ? DEFAULT_RETRIES : Math.min(retries, MAX_RETRIES)),
                chosen(asked.startPeriod, startPeriod, Duration.ZERO, Duration.ZERO, MAX_START_PERIOD),
                null);
    }

    private static Duration chosen(
            @Nullable Duration asked, @Nullable Duration image, Duration otherwise, Duration least, Duration most) {
        if (asked != null) {
            return asked;
        }
        if (image == null) {
            return otherwise;
        }
        Duration seconds = Duration.ofSeconds(image.plusNanos(999_999_999).toSeconds());
        return seconds.compareTo(least) < 0 ? least : seconds.compareTo(most) > 0 ? most : seconds;
    }

    /** Whether a command can be run, and is not too long to be kept. */
    static boolean fits(List<String> command) {
        return !command.isEmpty()
                && !command.get(0).isEmpty()
                && command.size() <= MAX_WORDS
                && command.stream().allMatch(Texts::isPassable)
                && command.stream().mapToLong(Healthcheck::bytes).sum() <= MAX_COMMAND_BYTES;
    }

    private static long bytes(String word) {
        return word.length() > MAX_COMMAND_BYTES ? word.length() : word.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Whether there is to be none. */
    boolean turnsOff() {
        return Boolean.TRUE.equals(disabled);
    }

    /** Whether it says nothing but that there is none, or that there is one. */
    boolean saysNothingElse() {
        return command == null && interval == null && timeout == null && retries == null && startPeriod == null;
    }
}
