package io.berth.webhooks;

import io.berth.common.BerthException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the address of a webhook. What one program could read in another way than the next is refused. */
final class WebhookUrl {

    private static final int MAX_LENGTH = 2048;
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    /** A host whose last label is a number is an IPv4 address, whatever it looks like (WHATWG URL, "ends in a number"). */
    private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");

    private WebhookUrl() {}

    /** @throws BerthException {@code VALIDATION_FAILED} saying what is wrong with it */
    static URI parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw bad("must be at most " + MAX_LENGTH + " characters");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw bad("is not a URL: " + e.getReason());
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw bad("must begin with https:// or http://");
        }
        if (uri.getRawUserInfo() != null) {
            throw bad("must not hold a user name or password: the signature tells who sends");
        }
        if (uri.getRawFragment() != null) {
            throw bad("must not have a fragment");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty() || uri.getPort() == 0 || uri.getPort() > 65535) {
            throw bad("has no host and port that can be used; write names in ASCII (xn--…)");
        }
        if (ENDS_IN_A_NUMBER.matcher(host).matches() && !IPV4.matcher(host).matches()) {
            throw bad("the host '" + host + "' can be read as more than one address: write four decimal numbers");
        }
        return uri;
    }

    /** The host as it is resolved: without the brackets of an IPv6 address. */
    static String host(URI url) {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
    }

    static boolean isSecure(URI url) {
        return url.getScheme().equalsIgnoreCase("https");
    }

    static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : isSecure(url) ? 443 : 80;
    }

    private static BerthException bad(String message) {
        return BerthException.invalidField("/url", message);
    }
}
