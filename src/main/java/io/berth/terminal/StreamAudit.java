package io.berth.terminal;

import io.berth.api.auth.Principal;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Remembers who opened which stream. */
interface StreamAudit {

    /** Where an upgrade comes from. */
    record Caller(String source, @Nullable String userAgent, String requestId) {}

    Caller caller(RoutingContext context);

    /**
     * Notes that a stream is about to be opened.
     *
     * @throws io.berth.common.BerthException {@code UNAVAILABLE} if that cannot be recorded: then it must not be
     */
    Visit begin(Caller caller, Principal principal, StreamTarget target, Role role);

    /** Records that somebody was not let in. @param principal {@code null} if nobody knows who it is */
    void refused(Caller caller, @Nullable Principal principal, StreamDoor.Path path, CloseCode why);

    /** A client at a stream, from before it is let in until it leaves. */
    interface Visit {

        /** It is let in. Blocks until that is on disk. @param tookOver whether another may not write any more */
        void opened(boolean tookOver);

        /** It is not let in after all. */
        void refused(CloseCode why);

        /** It has left. @param why {@code null} if it left by itself */
        void closed(@Nullable CloseCode why);
    }
}
