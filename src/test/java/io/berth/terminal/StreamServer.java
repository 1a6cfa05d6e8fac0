package io.berth.terminal;

import io.berth.api.auth.LiveConnections;
import io.berth.api.auth.Principal;
import io.berth.api.auth.Subject;
import io.berth.api.problem.ProblemTestAccess;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerActivity;
import io.berth.containers.ContainerHandle;
import io.berth.containers.ContainerLookup;
import io.berth.containers.StartedContainers;
import io.berth.engine.FakeEngine;
import io.berth.engine.TerminalSize;
import io.berth.execs.Exec;
import io.berth.execs.ExecConfig;
import io.berth.execs.ExecService;
import io.berth.execs.ExecSpec;
import io.berth.execs.ExecTestAccess;
import io.berth.tenants.TenantId;
import io.berth.testing.TestConfigs;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server with nothing but streams, over a fake engine, on a port of its own. */
final class StreamServer implements AutoCloseable {

    static final String TOKEN = "good-token";
    static final TenantId TENANT = StartedContainers.TENANT;
    static final Principal OWNER = new Principal(
            Subject.user("usr_1", "somebody"), false, Map.of(TENANT, io.berth.tenants.Role.OWNER), Set.of(), "tok_1");

    final FakeEngine engine = new FakeEngine();
    final ExecService execs;
    final StreamHubs hubs;
    final RecordedVisits audit = new RecordedVisits();
    final TicketService tickets;
    final LiveConnections connections = new LiveConnections(Optional::of, Clock.systemUTC());
    final ContainerActivity activity = new ContainerActivity(Clock.systemUTC());
    final int port;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient client;
    private final Map<String, ContainerHandle> containers = new ConcurrentHashMap<>();
    final StartedContainers started = new StartedContainers(engine);

    StreamServer(Map<String, String> settings) {
        TerminalConfig config = TestConfigs.of(TerminalConfig.class, settings);
        execs = ExecTestAccess.service(engine, TestConfigs.of(ExecConfig.class, settings));
        ContainerLookup lookup = this::find;
        StreamTargets targets = new StreamTargets(lookup, execs, engine);
        hubs = new StreamHubs(vertx, config, activity);
        Tickets issued = new Tickets(Clock.systemUTC());
        tickets = new TicketService(issued, targets);
        Router router = Router.router(vertx);
        StreamDoor door = new StreamDoor(new Access(), issued, targets, hubs, connections, audit);
        new AttachRoutes(vertx, config, door, hubs, ProblemTestAccess.writer(), new Access(), audit).register(router);
        HttpServerOptions options = new HttpServerOptions().setPort(0).setHost("127.0.0.1");
        new StreamServerOptions(config).customizeHttpServer(options);
        HttpServer server =
                join(vertx.createHttpServer(options).requestHandler(router).listen());
        port = server.actualPort();
        client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(4 << 20).setMaxMessageSize(4 << 20));
    }

    private static final class Access implements StreamAccess {
        @Override
        public Optional<Principal> authenticate(String token) {
            return TOKEN.equals(token) ? Optional.of(OWNER) : Optional.empty();
        }

        @Override
        public Optional<Principal> authenticateSession(String cookie) {
            return authenticate(cookie);
        }

        @Override
        public Optional<Principal> recheck(Principal principal) {
            return Optional.of(principal);
        }

        @Override
        public void require(Principal principal, TenantId tenant) {
            if (!TENANT.equals(tenant)) {
                throw new BerthException(ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + tenant + "'");
            }
        }

        @Override
        public boolean mayTry(RoutingContext upgrade) {
            return true;
        }

        @Override
        public void succeeded(RoutingContext upgrade) {
            // nobody counts
        }

        @Override
        public void failed(RoutingContext upgrade) {
            // nobody counts
        }
    }

    private ContainerHandle find(TenantId tenant, String name) {
        ContainerHandle found = containers.get(name);
        if (found == null) {
            throw new BerthException(ErrorCode.CONTAINER_NOT_FOUND, "there is no container '" + name + "'");
        }
        return found;
    }

    /** Makes and starts a container of that name. */
    ContainerHandle run(String name, String... args) {
        ContainerHandle handle = started.run(name, args);
        containers.put(name, handle);
        return handle;
    }

    /** Starts another process in a container: a session on a terminal, or one with pipes. */
    Exec exec(ContainerHandle container, boolean tty, String... args) {
        TerminalSize size = tty ? new TerminalSize(80, 24) : null;
        return execs.start(container, new ExecSpec(List.of(args), Map.of(), null, null, tty, true, size));
    }

    /** Runs a container with a session in it, and answers where its stream is. */
    String session(String container, String... args) {
        return stream(container, exec(run(container, "sleep"), true, args));
    }

    /** Runs a container with an exec in it that has pipes, and answers where its stream is. */
    String pipes(String container, String... args) {
        return stream(container, exec(run(container, "sleep"), false, args));
    }

    private static String stream(String container, Exec exec) {
        return container + "/execs/" + exec.id() + "/attach";
    }

    String path(String rest) {
        return "/api/v1/tenants/" + TENANT + "/containers/" + rest;
    }

    static String bearer(String token) {
        return Credentials.SUBPROTOCOL_PREFIX
                + Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8));
    }

    WebSocketConnectOptions to(String rest) {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path(rest));
        options.addHeader("Authorization", "Bearer " + TOKEN);
        options.addSubProtocol("v5.channel.k8s.io");
        return options;
    }

    TestSocket connect(String rest) {
        return connect(to(rest));
    }

    TestSocket connect(WebSocketConnectOptions options) {
        return TestSocket.connect(client, options);
    }

    static <T> T join(io.vertx.core.Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        hubs.close();
        join(vertx.close());
        ExecTestAccess.close(execs);
        engine.close();
    }
}
