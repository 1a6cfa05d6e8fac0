package io.berth.terminal;

import io.berth.api.http.Origins;
import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemWriter;
import io.berth.common.ErrorCode;
import io.berth.identity.SessionCookie;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Upgrades requests for streams to WebSockets. Every refusal is a close code after the upgrade ({@link CloseCode}). */
@ApplicationScoped
public class AttachRoutes {

    private static final Logger LOG = Logger.getLogger(AttachRoutes.class);
    private static final String CONTAINER = "/api/v1/tenants/:tenant/containers/:container";
    /** After the filters, the guard against anonymous requests included, and before REST, which knows no upgrade. */
    private static final int ORDER = -50;

    private final Vertx vertx;
    private final TerminalConfig config;
    private final StreamDoor door;
    private final StreamHubs hubs;
    private final ProblemWriter problems;
    private final StreamAccess access;
    private final StreamAudit audit;
    private final Origins origins;

    AttachRoutes(
            Vertx vertx,
            TerminalConfig config,
            StreamDoor door,
            StreamHubs hubs,
            ProblemWriter problems,
            StreamAccess access,
            StreamAudit audit) {
        this.vertx = vertx;
        this.config = config;
        this.door = door;
        this.hubs = hubs;
        this.problems = problems;
        this.access = access;
        this.audit = audit;
        this.origins = new Origins(config.allowedOrigins().orElse(List.of()));
    }

    void register(@Observes Router router) {
        router.get(CONTAINER + "/attach").order(ORDER).handler(this::attach);
        router.get(CONTAINER + "/execs/:exec/attach").order(ORDER).handler(this::attach);
    }

    private void attach(RoutingContext routing) {
        HttpServerRequest http = routing.request();
        if (!"websocket".equalsIgnoreCase(http.getHeader("Upgrade"))) {
            routing.response().putHeader("Upgrade", "websocket").putHeader("Connection", "Upgrade");
            problems.write(
                    routing, Problem.of(ErrorCode.UPGRADE_REQUIRED, "this is a stream: connect to it as a WebSocket"));
            return;
        }
        StreamDoor.Path path = new StreamDoor.Path(
                routing.pathParam("tenant"), routing.pathParam("container"), routing.pathParam("exec"));
        AttachRequest request = null;
        StreamRefused refused = null;
        try {
            if (!access.mayTry(routing)) {
                throw new StreamRefused(
                        CloseCode.TOO_MANY, "too many requests without good credentials came from this address");
            }
            List<String> offered = AttachRequest.offeredProtocols(http.headers());
            request = AttachRequest.parse(
                    http.headers(), offered, routing.queryParams(), SessionCookie.read(http), origins);
        } catch (StreamRefused e) {
            refused = e;
        }
        StreamAudit.Caller caller = audit.caller(routing);
        if (refused != null) {
            audit.refused(caller, null, path, refused.code());
        }
        AttachRequest.settleProtocol(http.headers());
        AttachRequest accepted = request;
        StreamRefused denied = refused;
        http.toWebSocket()
                .onSuccess(socket -> opened(routing, socket, path, caller, accepted, denied))
                .onFailure(failure -> LOG.debugf(failure, "a WebSocket's handshake failed"));
    }

    private void opened(
            RoutingContext routing,
            ServerWebSocket socket,
            StreamDoor.Path path,
            StreamAudit.Caller caller,
            @Nullable AttachRequest request,
            @Nullable StreamRefused refused) {
        UpgradedRequest.done(routing.request());
        SocketClient client = new SocketClient(socket, vertx, config, hubs);
        FrameGuard.install(
                routing.request().connection(),
                Math.toIntExact(config.maxMessage().asLongValue()),
                why -> refuse(client, why));
        if (request == null || refused != null) {
            refuse(routing, client, refused);
            return;
        }
        vertx.executeBlocking(() -> door.enter(path, request, client, caller), false)
                .onSuccess(entrance -> {
                    access.succeeded(routing);
                    client.begin(entrance, request);
                })
                .onFailure(failure -> refuse(routing, client, failure));
    }

    private void refuse(RoutingContext routing, SocketClient client, @Nullable Throwable why) {
        if (why instanceof StreamRefused refused && refused.code() == CloseCode.UNAUTHENTICATED) {
            access.failed(routing);
        }
        refuse(client, why);
    }

    private static void refuse(SocketClient client, @Nullable Throwable why) {
        if (why instanceof StreamRefused refused) {
            client.closeNow(refused.code(), refused.reason());
        } else {
            LOG.error("a stream could not be opened", why);
            client.closeNow(CloseCode.INTERNAL, "the server failed; its log tells more");
        }
    }
}
