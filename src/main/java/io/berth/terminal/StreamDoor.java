package io.berth.terminal;

import io.berth.api.auth.LiveConnections;
import io.berth.api.auth.Principal;
import io.berth.common.BerthException;
import io.berth.engine.EngineException;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets clients in, or says why not. */
@ApplicationScoped
public class StreamDoor {

    private static final Logger LOG = Logger.getLogger(StreamDoor.class);

    private final StreamAccess access;
    private final Tickets tickets;
    private final StreamTargets targets;
    private final StreamHubs hubs;
    private final LiveConnections connections;
    private final StreamAudit audit;

    StreamDoor(
            StreamAccess access,
            Tickets tickets,
            StreamTargets targets,
            StreamHubs hubs,
            LiveConnections connections,
            StreamAudit audit) {
        this.access = access;
        this.tickets = tickets;
        this.targets = targets;
        this.hubs = hubs;
        this.connections = connections;
        this.audit = audit;
    }

    /** A client that is in, until it leaves and its credential need not be watched any more. */
    record Entrance(StreamHubs.Place place, LiveConnections.Connection connection, StreamAudit.Visit visit) {}

    /** What the path names, as it was sent. */
    record Path(String tenant, String container, @Nullable String exec) {}

    /** How far it has come: who it is, and whether the audit knows. */
    private static final class Attempt {
        private @Nullable Principal principal;
        private StreamAudit.@Nullable Visit visit;
    }

    /**
     * Checks who it is and what it may do, finds the process, lets the client in, and records what came of it. Blocks.
     *
     * @throws StreamRefused if any of that fails
     */
    Entrance enter(Path path, AttachRequest request, HubClient client, StreamAudit.Caller caller) {
        Attempt attempt = new Attempt();
        StreamRefused why;
        try {
            return enter(attempt, path, request, client, caller);
        } catch (StreamRefused e) {
            why = e;
        } catch (BerthException e) {
            why = refused(e);
        } catch (EngineException e) {
            why = refused(e, path);
        }
        if (attempt.visit != null) {
            attempt.visit.refused(why.code());
        } else {
            audit.refused(caller, attempt.principal, path, why.code());
        }
        throw why;
    }

    private Entrance enter(
            Attempt attempt, Path path, AttachRequest request, HubClient client, StreamAudit.Caller caller) {
        long seen = connections.revocations();
        String value = request.credentials().ticket();
        Ticket ticket = value == null ? null : redeem(value);
        Principal principal = ticket == null ? authenticate(request.credentials()) : recheck(ticket);
        attempt.principal = principal;
        Admission admission = admit(principal, ticket, path, request);
        StreamSource source = admission.source();
        StreamAudit.Visit visit = audit.begin(caller, principal, source.target(), admission.role());
        attempt.visit = visit;
        Long since = request.since();
        long from = since != null ? since : source.target().exec() != null ? 0 : -1;
        StreamHubs.Wish wish =
                new StreamHubs.Wish(principal.subject().name(), admission.role(), request.whenTaken(), from);
        StreamHubs.Place place = hubs.join(source, principal, client, wish);
        try {
            visit.opened(place.seat().tookOver());
            return new Entrance(place, watch(admission, client, seen), visit);
        } catch (StreamRefused unrecorded) {
            hubs.leave(place);
            throw unrecorded;
        }
    }

    private LiveConnections.Connection watch(Admission admission, HubClient client, long seen) {
        return connections.open(
                admission.principal(),
                admission.source().target().tenant(),
                seen,
                () -> client.close(CloseCode.UNAUTHENTICATED, "the credential was revoked, or has expired"));
    }

    private record Admission(Principal principal, StreamSource source, Role role) {}

    private Admission admit(Principal principal, @Nullable Ticket ticket, Path path, AttachRequest request) {
        if (!TenantId.isValid(path.tenant())) {
            throw new StreamRefused(CloseCode.NOT_FOUND, "there is no such tenant");
        }
        TenantId tenant = new TenantId(path.tenant());
        access.require(principal, tenant);
        StreamSource source = targets.find(tenant, path.container(), path.exec());
        if (ticket != null && !ticket.target().equals(source.target())) {
            throw new StreamRefused(CloseCode.UNAUTHENTICATED, "the ticket is for something else");
        }
        return new Admission(principal, source, role(request, ticket));
    }

    private static Role role(AttachRequest request, @Nullable Ticket ticket) {
        Role wanted = request.role();
        if (ticket == null) {
            return wanted == null ? Role.WRITER : wanted;
        }
        if (wanted == Role.WRITER && ticket.role() == Role.VIEWER) {
            throw new StreamRefused(CloseCode.FORBIDDEN, "the ticket is for a viewer");
        }
        return wanted == null ? ticket.role() : wanted;
    }

    private Ticket redeem(String value) {
        return tickets.redeem(value)
                .orElseThrow(() -> new StreamRefused(
                        CloseCode.UNAUTHENTICATED, "the ticket is unknown, used or older than 30 s: ask for another"));
    }

    /** Who asked for the ticket may have been sent away since. */
    private Principal recheck(Ticket ticket) {
        return access.recheck(ticket.principal())
                .orElseThrow(() -> new StreamRefused(
                        CloseCode.UNAUTHENTICATED, "the credential that asked for the ticket was revoked"));
    }

    private Principal authenticate(Credentials credentials) {
        if (credentials.session() != null) {
            return access.authenticateSession(credentials.session())
                    .orElseThrow(
                            () -> new StreamRefused(CloseCode.UNAUTHENTICATED, "the session has ended: sign in again"));
        }
        String token = credentials.token();
        return Optional.ofNullable(token)
                .flatMap(access::authenticate)
                .orElseThrow(
                        () -> new StreamRefused(CloseCode.UNAUTHENTICATED, "the token is unknown, expired or revoked"));
    }

    private static StreamRefused refused(BerthException e) {
        if (e.code().status() >= 500) {
            LOG.error("a stream could not be opened", e);
        }
        String reason = e.getMessage();
        return new StreamRefused(
                CloseCode.of(e.code()), reason == null ? e.code().title() : reason);
    }

    private static StreamRefused refused(EngineException e, Path path) {
        String what = path.exec() == null ? "the container" : "the exec";
        return switch (e.reason()) {
            case NOT_FOUND -> new StreamRefused(CloseCode.NOT_FOUND, what + " is not on the host any more");
            case WRONG_STATE -> new StreamRefused(CloseCode.WRONG_STATE, what + " is not running");
            case BUSY ->
                new StreamRefused(
                        CloseCode.WRONG_STATE, what + " is held up by a client that does not read on: try again later");
            default -> {
                LOG.error("a stream could not be opened", e);
                yield new StreamRefused(CloseCode.INTERNAL, "the container engine failed; the server's log tells more");
            }
        };
    }
}
