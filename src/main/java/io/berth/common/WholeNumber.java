package io.berth.common;

import org.eclipse.microprofile.config.spi.Converter;

/**
 * Whole numbers within bounds, for settings. Converters and not constraints, which would take a validator of their own at
 * every start: a fifth of it.
 */
public final class WholeNumber {

    private WholeNumber() {}

    private static Integer parse(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "must be a whole number of " + least + (most == Integer.MAX_VALUE ? " or more" : " to " + most));
    }

    /** Zero or more. */
    public static final class NotNegative implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 0, Integer.MAX_VALUE);
        }
    }

    /** One or more. */
    public static final class Positive implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, Integer.MAX_VALUE);
        }
    }

    /** One to 64, of senders. */
    public static final class OfSenders implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 64);
        }
    }

    /** One to 150, of the 200 threads that serve requests: some are always left for others. */
    public static final class OfThreads implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 150);
        }
    }

    /** One to a thousand. */
    public static final class UpToThousand implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 1000);
        }
    }

    /** One to ten thousand. */
    public static final class UpToTenThousand implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 10_000);
        }
    }

    /** One to a hundred thousand. */
    public static final class UpToHundredThousand implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 100_000);
        }
    }

    /** A hundred to a million: fewer would stop everybody at every small delay. */
    public static final class HundredToMillion implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 100, 1_000_000);
        }
    }

    /** One to ten million. */
    public static final class UpToTenMillion implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 10_000_000);
        }
    }

    /** One to a hundred million. */
    public static final class UpToHundredMillion implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 100_000_000);
        }
    }

    /** One to a billion. */
    public static final class UpToBillion implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 1_000_000_000);
        }
    }
}
