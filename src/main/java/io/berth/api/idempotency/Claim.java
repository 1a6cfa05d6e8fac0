package io.berth.api.idempotency;

import java.util.Map;

/** What became of an attempt to use a key. */
sealed interface Claim {

    /** It is the first request with this key. */
    record First() implements Claim {}

    /** The first one has not ended yet. */
    record InFlight() implements Claim {}

    /** The key was used for another request. */
    record Mismatch() implements Claim {}

    /** The first one has succeeded; this was its answer. */
    record Replay(Answer answer) implements Claim {}

    /** A stored response. */
    record Answer(int status, Map<String, String> headers, byte[] body) {}
}
