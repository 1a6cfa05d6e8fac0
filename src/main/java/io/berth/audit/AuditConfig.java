package io.berth.audit;

import io.berth.common.WholeNumber;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How long the audit is kept, and how much of it may wait for the database. */
@ConfigMapping(prefix = "berth.audit")
public interface AuditConfig {

    /** Older entries are removed, and a checkpoint of the chain is kept in their place. Absent: nothing is removed. */
    Optional<Duration> retention();

    /** Entries that may wait for the database. Above it changes are refused. */
    @WithDefault("20000")
    @WithConverter(WholeNumber.HundredToMillion.class)
    int queue();
}
