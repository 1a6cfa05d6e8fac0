package io.berth.images;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an image is: {@code [host[:port]/]path[:tag][@digest]}, by the rules of docker's references. What is left out
 * is {@code docker.io}, {@code library/} and {@code latest}.
 *
 * @param registry host, with the port if one is given
 * @param repository path without the registry
 * @param tag absent only if there is a digest
 * @see <a href="https://pkg.go.dev/github.com/distribution/reference">reference grammar</a>
 */
public record ImageReference(
        String registry,
        String repository,
        @Nullable String tag,
        @Nullable Digest digest) {

    public static final String DEFAULT_REGISTRY = "docker.io";

    private static final String OFFICIAL = "library/";
    private static final int MAX_LENGTH = 512;
    private static final int MAX_NAME = 255;
    private static final String HOST_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final Pattern REGISTRY =
            Pattern.compile("(?:" + HOST_LABEL + "(?:\\." + HOST_LABEL + ")*|\\[[a-fA-F0-9:.]+])(?::\\d{1,5})?");
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+";
    private static final Pattern REPOSITORY = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*+");
    private static final Pattern FORM =
            Pattern.compile("(?<name>[^@]+?)(?::(?<tag>[\\w][\\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?");

    /** @throws IllegalArgumentException saying what is wrong with the text */
    public static ImageReference parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > MAX_LENGTH || !form.matches()) {
            throw invalid(text);
        }
        String name = form.group("name");
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean hasRegistry = first.contains(".") || first.contains(":") || first.equals("localhost");
        String registry = hasRegistry ? canonical(first) : DEFAULT_REGISTRY;
        String repository = hasRegistry ? name.substring(slash + 1) : name;
        if (registry.equals(DEFAULT_REGISTRY) && !repository.contains("/")) {
            repository = OFFICIAL + repository;
        }
        if (!REGISTRY.matcher(registry).matches()
                || !REPOSITORY.matcher(repository).matches()
                || registry.length() + repository.length() > MAX_NAME) {
            throw invalid(text);
        }
        Digest digest = form.group("digest") == null ? null : Digest.parse(form.group("digest"));
        String tag = form.group("tag");
        return new ImageReference(registry, repository, tag == null && digest == null ? "latest" : tag, digest);
    }

    /** Like {@link #parse}, empty for what is no reference. */
    public static Optional<ImageReference> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What to ask the registry's manifests for: the digest if there is one. */
    public String manifest() {
        Digest pinned = digest;
        return pinned == null ? String.valueOf(tag) : pinned.toString();
    }

    private static String canonical(String registry) {
        return registry.equals("index.docker.io") || registry.equals("registry-1.docker.io")
                ? DEFAULT_REGISTRY
                : registry.toLowerCase(Locale.ROOT);
    }

    /** {@code library/a/b} is not: without its first part it would be read as another repository. */
    private boolean isOfficial() {
        return repository.startsWith(OFFICIAL) && repository.indexOf('/', OFFICIAL.length()) < 0;
    }

    private static IllegalArgumentException invalid(String text) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new IllegalArgumentException("not an image reference: '" + shown
                + "' (write [host[:port]/]name[:tag][@sha256:digest], names in lower case)");
    }

    /** The short form, in which a reference is stored and shown: {@code busybox:latest}, {@code host:5000/a/b:tag}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (!registry.equals(DEFAULT_REGISTRY)) {
            text.append(registry).append('/').append(repository);
        } else {
            text.append(isOfficial() ? repository.substring(OFFICIAL.length()) : repository);
        }
        if (tag != null) {
            text.append(':').append(tag);
        }
        if (digest != null) {
            text.append('@').append(digest);
        }
        return text.toString();
    }
}
