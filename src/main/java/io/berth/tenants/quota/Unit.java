package io.berth.tenants.quota;

import io.berth.common.ByteSize;
import java.math.BigDecimal;
import java.time.Duration;

/** What amounts are counted in. Inside Berth an amount is a {@code long}; on the wire it is a number in this unit. */
public enum Unit {
    /** Held as thousandths of a core. */
    CORES("cores", 3),
    BYTES("bytes", 0),
    BYTES_PER_SECOND("bytes/s", 0),
    COUNT("count", 0),
    REQUESTS_PER_MINUTE("requests/min", 0),
    SECONDS("seconds", 0);

    private final String wireName;
    private final int decimals;

    Unit(String wireName, int decimals) {
        this.wireName = wireName;
        this.decimals = decimals;
    }

    public String wireName() {
        return wireName;
    }

    /** How many decimals an amount may have on the wire. */
    public int decimals() {
        return decimals;
    }

    /** The amount as the API writes it. */
    public Number wire(long amount) {
        return decimals == 0 ? (Number) amount : new BigDecimal(plain(amount));
    }

    /** The amount as people read it: {@code 1.5 cores}, {@code 512MiB}, {@code 5}. */
    public String words(long amount) {
        return switch (this) {
            case CORES -> plain(amount) + (amount == 1000 ? " core" : " cores");
            case BYTES -> new ByteSize(amount).toString();
            case BYTES_PER_SECOND -> new ByteSize(amount) + "/s";
            case COUNT -> Long.toString(amount);
            case REQUESTS_PER_MINUTE -> amount + " requests a minute";
            case SECONDS -> Duration.ofSeconds(amount).toString().substring(2).toLowerCase(java.util.Locale.ROOT);
        };
    }

    private String plain(long amount) {
        BigDecimal value = BigDecimal.valueOf(amount, decimals).stripTrailingZeros();
        return (value.scale() < 0 ? value.setScale(0) : value).toPlainString();
    }
}
