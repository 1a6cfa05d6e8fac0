package io.berth.api.idempotency;

import io.berth.common.Ids;
import jakarta.enterprise.context.RequestScoped;

/**
 * Chooses the id of what a request makes before it is made, so that it is noted with the request's key and found by it if the
 * server stops before the answer is kept. That costs no write: the key is stored anyway.
 *
 * @see MadeByRequest
 */
@RequestScoped
public class NewIds {

    private final String unique = Ids.unique();

    /** The id of the one thing with this prefix that the request makes: the same each time. */
    public String next(String prefix) {
        return Ids.of(prefix, unique);
    }

    String unique() {
        return unique;
    }
}
