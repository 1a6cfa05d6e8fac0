package io.berth.terminal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The WebSocket subprotocols, in order of preference; they are those of Kubernetes' exec and attach. */
enum StreamProtocol {
    /** Adds the half-close: {@code FF 00} ends the standard input. */
    V5("v5.channel.k8s.io"),
    V4("v4.channel.k8s.io");

    private final String wireName;

    StreamProtocol(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    boolean canCloseInput() {
        return this == V5;
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(StreamProtocol::wireName).toList();
    }

    /** The best of those offered. */
    static Optional<StreamProtocol> choose(List<String> offered) {
        return Arrays.stream(values()).filter(p -> offered.contains(p.wireName)).findFirst();
    }
}
