package io.berth.usage;

import java.time.Duration;
import java.time.Instant;

/**
 * Which usage is wanted.
 *
 * @param from inclusive, at the beginning of a bucket
 * @param to exclusive
 * @param step of the series, a multiple of the bucket
 */
public record UsageQuery(Instant from, Instant to, Duration step, Group group) {

    /** What usage is added up over. */
    public enum Group {
        ALL("cast(null as text)"),
        CONTAINER("b.container"),
        TENANT("b.tenant");

        private final String column;

        Group(String column) {
            this.column = column;
        }

        /** As it stands in the query. */
        public String column() {
            return column;
        }

        public boolean isByContainer() {
            return this == CONTAINER;
        }
    }
}
