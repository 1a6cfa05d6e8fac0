package io.berth.api.http;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may open streams: those the server itself serves, and those of the configuration. Without this check any page
 * could use what its visitor's browser sends along.
 */
public final class Origins {

    private final Set<String> allowed;

    public Origins(Collection<String> allowed) {
        this.allowed = allowed.stream().map(Origins::normalise).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param origin the {@code Origin} header; absent for programs, which are no pages
     * @param host the {@code Host} header
     */
    public boolean allows(@Nullable String origin, @Nullable String host) {
        if (origin == null) {
            return true;
        }
        String page = normalise(origin);
        return allowed.contains(page)
                || host != null
                        && (page.equals(normalise("http://" + host)) || page.equals(normalise("https://" + host)));
    }

    /** Lower case, without the scheme's own port and without a trailing slash. */
    private static String normalise(String origin) {
        try {
            URI uri = URI.create(origin.strip().toLowerCase(Locale.ROOT));
            String scheme = uri.getScheme();
            if (uri.getHost() == null || scheme == null) {
                return origin;
            }
            int port = uri.getPort();
            boolean usual = port < 0 || port == ("https".equals(scheme) ? 443 : 80);
            return scheme + "://" + uri.getHost() + (usual ? "" : ":" + port);
        } catch (IllegalArgumentException e) {
            return origin;
        }
    }
}
