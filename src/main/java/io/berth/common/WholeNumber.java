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

    /** One or more. */
    public static final class Positive implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, Integer.MAX_VALUE);
        }
    }

    /** One to a thousand: of what each takes a thread or a process for a while. */
    public static final class UpToThousand implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 1000);
        }
    }

    /** One to 150, of the 200 threads that serve requests: some are always left for others. */
    public static final class OfThreads implements Converter<Integer> {
        @Override
        public Integer convert(String text) {
            return parse(text, 1, 150);
        }
    }
}
