package io.berth.terminal;

import io.berth.api.auth.Principal;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps in words what would go into the audit. */
final class RecordedVisits implements StreamAudit {

    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public Caller caller(RoutingContext context) {
        return new Caller(context.request().remoteAddress().hostAddress(), null, "");
    }

    @Override
    public Visit begin(Caller caller, Principal principal, StreamTarget target, Role role) {
        String who = principal.getName() + " " + role.wireName() + " " + target;
        return new Visit() {
            @Override
            public void opened(boolean tookOver) {
                lines.add("opened " + who + (tookOver ? " by takeover" : ""));
            }

            @Override
            public void refused(CloseCode why) {
                lines.add("refused " + who + " " + why.value());
            }

            @Override
            public void closed(@Nullable CloseCode why) {
                lines.add("closed " + who + (why == null ? "" : " " + why.value()));
            }
        };
    }

    @Override
    public void refused(Caller caller, @Nullable Principal principal, StreamDoor.Path path, CloseCode why) {
        lines.add("refused " + (principal == null ? "nobody" : principal.getName()) + " " + path.container() + " "
                + why.value());
    }
}
