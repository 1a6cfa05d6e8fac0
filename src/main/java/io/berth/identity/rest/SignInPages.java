package io.berth.identity.rest;

import io.berth.api.auth.Principal;
import io.berth.api.http.ClientAddress;
import io.berth.api.http.SameOrigin;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.identity.Authenticator;
import io.berth.identity.BrowserSignIn;
import io.berth.identity.SessionCookie;
import io.berth.identity.SessionService;
import io.berth.identity.SessionService.Begun;
import io.berth.identity.SessionService.Origin;
import io.berth.identity.SignInLinks;
import io.berth.identity.User;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pages on which people sign in; none needs a script. */
@Path("/signin")
@Produces(MediaType.TEXT_HTML)
@Blocking
public class SignInPages {

    private static final URI START = URI.create("/signin");
    /** Where whoever has signed in goes on: the console. */
    private static final URI CONSOLE = URI.create("/");

    private final SignInLinks links;
    private final SessionService sessions;
    private final Authenticator authenticator;
    private final BrowserSignIn provider;
    private final ClientAddress addresses;
    private final SignInAudit audit;

    SignInPages(
            SignInLinks links,
            SessionService sessions,
            Authenticator authenticator,
            BrowserSignIn provider,
            ClientAddress addresses,
            SignInAudit audit) {
        this.links = links;
        this.sessions = sessions;
        this.authenticator = authenticator;
        this.provider = provider;
        this.addresses = addresses;
        this.audit = audit;
    }

    @GET
    public Response start(@Context HttpServerRequest http) {
        return page(() -> {
            String cookie = SessionCookie.read(http);
            Optional<Principal> principal =
                    cookie == null ? Optional.empty() : authenticator.authenticateSession(cookie);
            return principal.isPresent() ? signedIn(principal.get(), cookie) : HtmlPage.of(200, "Sign in", ways());
        });
    }

    /** What the console asks before it shows its own form. */
    @GET
    @Path("methods")
    @Produces(MediaType.APPLICATION_JSON)
    public Methods methods() {
        return new Methods(true, provider.isEnabled());
    }

    /** @param oidc whether {@code /signin/oidc} leads somewhere */
    public record Methods(boolean token, boolean oidc) {}

    private String ways() {
        String oidc = provider.isEnabled()
                ? "<a class=\"button\" href=\"/signin/oidc\">Sign in with your organisation</a><p>or</p>"
                : "";
        return oidc
                + "<form action=\"/signin\" method=\"post\"><input name=\"token\" type=\"password\" autocomplete=\"off\""
                + " aria-label=\"API token\" placeholder=\"berth_…\" required><button>Sign in with a token</button></form>";
    }

    private static Response signedIn(Principal principal, @Nullable String cookie) {
        String tenants = principal.admin()
                ? "an administrator of the platform"
                : principal.roles().isEmpty() ? "a member of no tenant yet" : String.join(", ", roles(principal));
        return HtmlPage.of(
                200,
                "Signed in",
                "<p>You are <b>" + HtmlPage.escape(principal.getName()) + "</b>, " + HtmlPage.escape(tenants)
                        + ".</p><a class=\"button\" href=\"/\">Open the console</a><form class=\"quiet\" action=\"/signin/out\" method=\"post\"><input type=\"hidden\" name=\"csrf\" value=\""
                        + SessionService.csrfToken(String.valueOf(cookie)) + "\"><button>Sign out</button></form>");
    }

    private static Iterable<String> roles(Principal principal) {
        return principal.roles().entrySet().stream()
                .map(entry -> entry.getValue().wireName() + " of " + entry.getKey())
                .sorted()
                .toList();
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response withToken(@FormParam("token") @Nullable String token, @Context HttpServerRequest http) {
        return signIn("token", http, origin -> {
            requireOwnPage(http);
            Principal principal = Optional.ofNullable(token)
                    .flatMap(given -> authenticator.authenticate(given.strip()))
                    .orElseThrow(() ->
                            new BerthException(ErrorCode.UNAUTHENTICATED, "the token is unknown, expired or revoked"));
            return sessions.begin(principal, origin);
        });
    }

    /** Uses nothing up: programs that look at links would. */
    @GET
    @Path("link/{secret}")
    public Response link(@PathParam("secret") String secret) {
        return page(() -> {
            User user = links.find(secret);
            return HtmlPage.of(
                    200,
                    "Sign in as " + user.name(),
                    "<p>This link works once.</p><form method=\"post\" action=\"" + SignInLinks.PATH
                            + HtmlPage.escape(secret) + "\"><button>Sign in as " + HtmlPage.escape(user.name())
                            + "</button></form>");
        });
    }

    @POST
    @Path("link/{secret}")
    public Response useLink(@PathParam("secret") String secret, @Context HttpServerRequest http) {
        return signIn("link", http, origin -> {
            requireOwnPage(http);
            return sessions.begin(links.use(secret), origin);
        });
    }

    /** Sends the browser to the identity provider. */
    @GET
    @Path("oidc")
    public Response toProvider(@Context HttpServerRequest http) {
        return page(() -> Response.seeOther(provider.begin(http))
                .header("Cache-Control", "no-store")
                .build());
    }

    /** Where the identity provider sends it back to. */
    @GET
    @Path("oidc/callback")
    public Response fromProvider(
            @QueryParam("code") @Nullable String code,
            @QueryParam("state") @Nullable String state,
            @QueryParam("error") @Nullable String error,
            @Context HttpServerRequest http) {
        return signIn("provider", http, origin -> sessions.begin(provider.complete(http, code, state, error), origin));
    }

    @POST
    @Path("out")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response signOut(@FormParam("csrf") @Nullable String csrf, @Context HttpServerRequest http) {
        return page(() -> {
            requireOwnPage(http);
            String cookie = SessionCookie.read(http);
            if (cookie != null) {
                if (!SessionService.csrfToken(cookie).equals(csrf)) {
                    throw new BerthException(
                            ErrorCode.CROSS_SITE, "this is not the form of this session: load the page again");
                }
                authenticator.authenticateSession(cookie).ifPresent(principal -> {
                    sessions.end(principal, principal.credential());
                    audit.ended(principal);
                });
                SessionCookie.clear(http);
            }
            return Response.seeOther(START).build();
        });
    }

    private Response signIn(String by, HttpServerRequest http, Function<Origin, Begun> begin) {
        return page(() -> {
            Begun begun;
            try {
                begun = begin.apply(SignInOrigin.of(http, addresses));
            } catch (BerthException e) {
                audit.refused(by, e);
                throw e;
            }
            audit.began(by, begun);
            return welcome(http, begun);
        });
    }

    private static Response welcome(HttpServerRequest http, Begun begun) {
        SessionCookie.set(http, begun.cookie());
        return Response.seeOther(CONSOLE).header("Cache-Control", "no-store").build();
    }

    private static void requireOwnPage(HttpServerRequest http) {
        if (!SameOrigin.isFromOwnPage(http)) {
            throw new BerthException(ErrorCode.CROSS_SITE, "a page of another site cannot sign its visitor in or out");
        }
    }

    private static Response page(Supplier<Response> page) {
        try {
            return page.get();
        } catch (BerthException e) {
            return HtmlPage.problem(e);
        }
    }
}
