package io.berth.terminal;

import io.berth.api.http.Origins;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for at the upgrade.
 *
 * @param since offset to replay from, {@code null} if it named none
 * @param notices whether it wants Berth's own messages on channel 5
 * @param window bytes of output it may have before it acknowledges them; {@code null} if it never does
 */
record AttachRequest(
        StreamProtocol protocol,
        Credentials credentials,
        @Nullable Role role,
        WhenTaken whenTaken,
        @Nullable Long since,
        boolean notices,
        @Nullable Integer window) {

    private static final int LEAST_WINDOW = 16 << 10;
    private static final int MOST_WINDOW = 16 << 20;
    private static final String PROTOCOL_HEADER = "Sec-WebSocket-Protocol";

    static List<String> offeredProtocols(MultiMap headers) {
        List<String> offered = new ArrayList<>();
        for (String header : headers.getAll(PROTOCOL_HEADER)) {
            for (String protocol : header.split(",", 64)) {
                offered.add(protocol.strip());
            }
        }
        return offered;
    }

    /** Leaves the one subprotocol that will be spoken, so that the handshake echoes it and never a token. */
    static void settleProtocol(MultiMap headers) {
        List<String> offered = offeredProtocols(headers);
        headers.remove(PROTOCOL_HEADER);
        StreamProtocol.choose(offered).ifPresent(chosen -> headers.set(PROTOCOL_HEADER, chosen.wireName()));
    }

    /** @throws StreamRefused for anything that is missing or makes no sense */
    static AttachRequest parse(
            MultiMap headers, List<String> offered, MultiMap query, @Nullable String session, Origins origins) {
        if (!origins.allows(headers.get("Origin"), headers.get("Host"))) {
            throw new StreamRefused(
                    CloseCode.FORBIDDEN, "pages of this origin may not: add it to berth.streams.allowed-origins");
        }
        StreamProtocol protocol = StreamProtocol.choose(offered)
                .orElseThrow(() -> new StreamRefused(
                        CloseCode.PROTOCOL_ERROR,
                        "offer one of the subprotocols " + String.join(", ", StreamProtocol.wireNames())));
        Credentials credentials = Credentials.of(headers, offered, query, session);
        Long since = since(query.get("since"));
        return new AttachRequest(
                protocol,
                credentials,
                role(query.get("role")),
                whenTaken(query),
                since,
                since != null || flag(query, "notices"),
                window(query.get("window")));
    }

    private static @Nullable Integer window(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            int bytes = Integer.parseInt(text);
            if (bytes >= LEAST_WINDOW && bytes <= MOST_WINDOW) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new StreamRefused(
                CloseCode.POLICY_VIOLATION, "window must be " + LEAST_WINDOW + " to " + MOST_WINDOW + " bytes");
    }

    private static @Nullable Long since(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            long offset = Long.parseLong(text);
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new StreamRefused(CloseCode.POLICY_VIOLATION, "since must be a byte offset, 0 or more");
    }

    private static @Nullable Role role(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "writer" -> Role.WRITER;
            case "viewer" -> Role.VIEWER;
            default -> throw new StreamRefused(CloseCode.POLICY_VIOLATION, "role must be writer or viewer");
        };
    }

    private static WhenTaken whenTaken(MultiMap query) {
        if (flag(query, "takeover")) {
            return WhenTaken.TAKE_OVER;
        }
        return flag(query, "watch") ? WhenTaken.WATCH : WhenTaken.REFUSE;
    }

    private static boolean flag(MultiMap query, String name) {
        String text = query.get(name);
        return text != null && !text.equalsIgnoreCase("false") && !text.equals("0");
    }
}
