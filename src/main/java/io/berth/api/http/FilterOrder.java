package io.berth.api.http;

/**
 * The order of what surrounds a request. Greater numbers run earlier. Quarkus itself authenticates at 200 and checks
 * its own HTTP policies at 100.
 */
public final class FilterOrder {

    public static final int REQUEST_ID = 1000;
    /** Watches how requests end that may change something, refused ones too. */
    public static final int AUDIT = 950;

    public static final int BEFORE_AUTHENTICATION = 300;

    /** What authentication takes is between these two, and the limits' share between the second and the third. */
    public static final int TIMING_START = 290;

    public static final int TIMING_AUTHENTICATED = 99;

    /** Addresses that only fail at authentication are refused before it. */
    public static final int STRANGERS = 900;

    /** Counts requests without good credentials, which the guard refuses next. */
    public static final int FAILED_AUTHENTICATION = 95;

    public static final int AUTHENTICATION_GUARD = 90;
    public static final int RATE_LIMIT = 85;
    public static final int TIMING_LIMITED = 82;
    public static final int LIVE_ANSWERS = 84;
    public static final int NUL_GUARD = 80;
    public static final int DISK_SPACE = 72;
    /** Waits for the body; after all that refuse without it, and before the audit begins an entry. */
    public static final int BODY = 70;
    /** Notes what a known caller is about to do; after all filters that refuse. */
    public static final int AUDIT_INTENT = 60;

    /** REST filters and interceptors; smaller numbers run earlier ({@link jakarta.annotation.Priority}). */
    public static final int BODYLESS = 2000;

    public static final int IDEMPOTENCY = 4000;

    /** Response filters run in the reverse order: this one after all others. */
    public static final int AUDIT_ANSWER = 0;

    /** Vert.x routes that answer what nobody else did; the greatest order is Quarkus's own. */
    public static final int LAST_RESORT = Integer.MAX_VALUE - 10;

    private FilterOrder() {}
}
