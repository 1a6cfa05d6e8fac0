package io.berth.images.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.Digest;
import io.berth.images.ImageErrors;
import io.berth.images.ImageReference;
import io.berth.images.oci.MediaTypes;
import io.berth.images.oci.OciJson;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pull's conversation with a registry: signs in when asked to, follows redirects, keeps the token. Thread-safe.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull">distribution-spec, pull</a>
 */
public final class RegistrySession {

    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_TOKEN_ANSWER = 64 << 10;
    private static final String DOCKER_HUB = "registry-1.docker.io";
    private static final String MANIFEST_TYPES = String.join(
            ", ", MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_INDEX, MediaTypes.DOCKER_MANIFEST);

    private final RegistryHttp http;
    private final ImageReference reference;
    private final @Nullable Credentials credentials;
    private final URI base;
    private volatile @Nullable String authorization;

    /**
     * A manifest or index as the registry gave it.
     *
     * @param digest of these bytes
     */
    public record FetchedManifest(String mediaType, Digest digest, byte[] content) {}

    /** @param credentials {@code null} for an anonymous pull */
    public RegistrySession(RegistryHttp http, ImageReference reference, @Nullable Credentials credentials) {
        this.http = http;
        this.reference = reference;
        this.credentials = credentials;
        String registry =
                reference.registry().equals(ImageReference.DEFAULT_REGISTRY) ? DOCKER_HUB : reference.registry();
        URI plain = URI.create("http://" + registry);
        boolean insecure =
                http.addresses().isInsecure(RegistryAddresses.host(plain), plain.getPort() < 0 ? 80 : plain.getPort());
        this.base = URI.create((insecure ? "http://" : "https://") + registry + "/v2/" + reference.repository() + "/");
    }

    /**
     * Fetches a manifest and checks it against the digest asked for, or against the one the registry states.
     *
     * @param tagOrDigest as in a reference
     */
    public FetchedManifest manifest(String tagOrDigest) throws IOException {
        try (RegistryHttp.Response response =
                get(HttpMethod.GET, base.resolve("manifests/" + tagOrDigest), Map.of("Accept", MANIFEST_TYPES))) {
            requireFound(response, "manifest " + tagOrDigest);
            byte[] content = response.body().readNBytes(OciJson.MAX_MANIFEST + 1);
            if (content.length > OciJson.MAX_MANIFEST) {
                throw ImageErrors.invalidImage(
                        "manifest " + tagOrDigest + " is longer than " + OciJson.MAX_MANIFEST + " bytes");
            }
            Digest digest = Digest.of(content);
            String stated = tagOrDigest.startsWith("sha256:")
                    ? tagOrDigest
                    : response.header("Docker-Content-Digest").orElse("");
            if (stated.startsWith("sha256:") && !stated.equals(digest.toString())) {
                throw ImageErrors.digestMismatch(
                        "manifest " + tagOrDigest + " should be " + printable(stated) + " but is " + digest);
            }
            String mediaType = OciJson.mediaTypeOf(content, "manifest " + tagOrDigest);
            return new FetchedManifest(mediaType, digest, content);
        }
    }

    /**
     * Begins to fetch a blob. Whoever reads it checks its digest; resuming an interrupted one with a Range header
     * belongs here.
     */
    public InputStream blob(Digest digest) throws IOException {
        RegistryHttp.Response response = get(HttpMethod.GET, base.resolve("blobs/" + digest), Map.of());
        try {
            requireFound(response, "blob " + digest);
        } catch (BerthException e) {
            response.close();
            throw e;
        }
        return response.body();
    }

    /** Whether the registry would give us this blob: who may not fetch it must not get our copy either. */
    public boolean hasBlob(Digest digest) throws IOException {
        try (RegistryHttp.Response response = get(HttpMethod.HEAD, base.resolve("blobs/" + digest), Map.of())) {
            return response.status() == 200;
        }
    }

    private RegistryHttp.Response get(HttpMethod method, URI uri, Map<String, String> headers) throws IOException {
        String presented = authorization;
        RegistryHttp.Response response = follow(method, uri, headers);
        if (response.status() != 401) {
            return response;
        }
        Optional<Challenge> challenge = Challenge.choose(response.all("WWW-Authenticate"));
        response.close();
        synchronized (this) {
            if (Objects.equals(presented, authorization)) {
                // unless another thread has signed in meanwhile
                authorization =
                        signIn(challenge.orElseThrow(() -> failed("asks for credentials in a way unknown here")));
            }
        }
        return follow(method, uri, headers);
    }

    private RegistryHttp.Response follow(HttpMethod method, URI start, Map<String, String> headers) throws IOException {
        URI uri = start;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            Map<String, String> sent = new HashMap<>(headers);
            String present = authorization;
            if (present != null && isRegistry(uri)) {
                sent.put("Authorization", present);
            }
            RegistryHttp.Response response = http.send(method, uri, sent);
            int status = response.status();
            if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
                return response;
            }
            response.close();
            uri = redirect(uri, response.header("Location").orElse(""));
        }
        throw failed("redirects more than " + MAX_REDIRECTS + " times");
    }

    private URI redirect(URI from, String location) {
        URI to = parse(location).map(from::resolve).orElse(from);
        boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
        if (location.isEmpty() || !web || to.getHost() == null) {
            throw failed("redirects to what is no address: " + printable(location));
        }
        return to;
    }

    private boolean isRegistry(URI uri) {
        return uri.getScheme().equals(base.getScheme())
                && RegistryAddresses.host(uri).equals(RegistryAddresses.host(base))
                && RegistryAddresses.port(uri) == RegistryAddresses.port(base);
    }

    private String signIn(Challenge challenge) throws IOException {
        Credentials known = credentials;
        if (challenge.scheme().equals("basic")) {
            if (known == null) {
                throw denied();
            }
            return known.basic();
        }
        URI realm = parse(challenge.parameter("realm"))
                .filter(u ->
                        u.getHost() != null && String.valueOf(u.getScheme()).matches("https?"))
                .orElseThrow(() -> failed("names no usable address to sign in at"));
        String scope = challenge.parameter("scope");
        String query = "service=" + encode(challenge.parameter("service")) + "&scope="
                + encode(scope.isEmpty() ? "repository:" + reference.repository() + ":pull" : scope);
        String text = realm.toString().replaceFirst("#.*", "");
        URI uri = URI.create(text + (text.contains("?") ? "&" : "?") + query);
        Map<String, String> headers = known == null ? Map.of() : Map.of("Authorization", known.basic());
        try (RegistryHttp.Response response = http.send(HttpMethod.GET, uri, headers)) {
            if (response.status() == 401 || response.status() == 403) {
                throw denied();
            }
            if (response.status() != 200) {
                throw failed("its token service answered " + response.status());
            }
            byte[] body = response.body().readNBytes(MAX_TOKEN_ANSWER);
            JsonNode answer = OciJson.read(body, JsonNode.class, "the answer of the registry's token service");
            String token =
                    answer.path("token").asText(answer.path("access_token").asText(""));
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw failed("its token service gave no token");
            }
            return "Bearer " + token;
        }
    }

    private void requireFound(RegistryHttp.Response response, String what) {
        switch (response.status()) {
            case 200 -> {}
            case 401, 403 -> throw denied();
            case 404 ->
                throw new BerthException(
                        ErrorCode.IMAGE_NOT_FOUND,
                        "image " + reference + ": registry " + reference.registry() + " has no " + what + " of "
                                + reference.repository() + ": check its name and tag, or import it");
            case 429 -> throw failed("allows no more pulls for now (429): try again later, or with credentials");
            default -> throw failed("answered " + response.status() + " for " + what);
        }
    }

    private BerthException denied() {
        return new BerthException(
                ErrorCode.IMAGE_NOT_FOUND,
                "image " + reference + ": registry " + reference.registry() + " does not give "
                        + reference.repository()
                        + ": it does not exist or needs credentials; check its name, or import it");
    }

    private BerthException failed(String what) {
        return new BerthException(ErrorCode.REGISTRY_FAILED, "registry " + reference.registry() + " " + what);
    }

    private static Optional<URI> parse(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String printable(String text) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
