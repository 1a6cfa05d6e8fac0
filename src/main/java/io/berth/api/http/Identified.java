package io.berth.api.http;

import org.jspecify.annotations.Nullable;

/** An answer that stands for a thing: the audit names it by this. */
public interface Identified {

    /** Its id, such as {@code ctr_…}. */
    String identity();

    /** What people call it, {@code null} if it has no name. */
    default @Nullable String identityName() {
        return null;
    }
}
