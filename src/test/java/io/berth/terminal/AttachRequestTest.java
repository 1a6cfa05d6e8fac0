package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.api.http.Origins;
import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttachRequestTest {

    private static final String BEARER = "base64url.bearer.authorization.k8s.io.YmVydGhfYWJj"; // berth_abc

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Host", "berth.example:8080");
    private final MultiMap query = MultiMap.caseInsensitiveMultiMap();

    @Test
    void prefersTheNewestProtocolWhateverTheClientsOrder() {
        headers.add("Sec-WebSocket-Protocol", "v4.channel.k8s.io, v5.channel.k8s.io")
                .add("Authorization", "Bearer t");
        assertThat(parse().protocol()).isEqualTo(StreamProtocol.V5);
        AttachRequest.settleProtocol(headers);
        assertThat(headers.getAll("Sec-WebSocket-Protocol")).containsExactly("v5.channel.k8s.io");
    }

    @Test
    void readsATokenFromASubprotocolAndDoesNotEchoIt() {
        headers.add("Sec-WebSocket-Protocol", BEARER + ", v4.channel.k8s.io");
        assertThat(parse().credentials()).isEqualTo(new Credentials("berth_abc", null, null));
        AttachRequest.settleProtocol(headers);
        assertThat(headers.getAll("Sec-WebSocket-Protocol")).containsExactly("v4.channel.k8s.io");
    }

    @Test
    void takesTheSameTokenTwiceButNotTwoTokens() {
        headers.add("Sec-WebSocket-Protocol", BEARER + ", v4.channel.k8s.io").add("Authorization", "bearer berth_abc");
        assertThat(parse().credentials().token()).isEqualTo("berth_abc");
        query.add("ticket", "xyz");
        assertRefused(CloseCode.UNAUTHENTICATED, "two different");
    }

    @Test
    void wantsCredentials() {
        headers.add("Sec-WebSocket-Protocol", "v4.channel.k8s.io");
        assertRefused(CloseCode.UNAUTHENTICATED, "send a token");
    }

    @Test
    void refusesATokenInTheUrl() {
        headers.add("Sec-WebSocket-Protocol", "v4.channel.k8s.io").add("Authorization", "Bearer t");
        query.add("token", "t");
        assertRefused(CloseCode.UNAUTHENTICATED, "URL");
    }

    @Test
    void refusesATokenThatIsNotBase64() {
        headers.add("Sec-WebSocket-Protocol", Credentials.SUBPROTOCOL_PREFIX + "***, v4.channel.k8s.io");
        assertRefused(CloseCode.UNAUTHENTICATED, "base64url");
    }

    @Test
    void namesTheProtocolsItSpeaks() {
        headers.add("Authorization", "Bearer t").add("Sec-WebSocket-Protocol", "channel.k8s.io");
        assertRefused(CloseCode.PROTOCOL_ERROR, "v5.channel.k8s.io");
    }

    @Test
    void letsPagesOfItsOwnHostAndThoseOfTheConfigurationIn() {
        Origins origins = new Origins(List.of("https://console.example/"));
        assertThat(origins.allows(null, "berth.example")).isTrue();
        assertThat(origins.allows("http://berth.example:8080", "berth.example:8080"))
                .isTrue();
        assertThat(origins.allows("https://Berth.example", "berth.example:443")).isTrue();
        assertThat(origins.allows("https://console.example", "berth.example")).isTrue();
        assertThat(origins.allows("https://evil.example", "berth.example")).isFalse();
        assertThat(origins.allows("https://berth.example.evil.example", "berth.example"))
                .isFalse();
        assertThat(origins.allows("http://berth.example:9090", "berth.example:8080"))
                .isFalse();
        assertThat(origins.allows("null", "berth.example")).isFalse();
    }

    @Test
    void readsReplayAndRole() {
        headers.add("Authorization", "Bearer t").add("Sec-WebSocket-Protocol", "v5.channel.k8s.io");
        assertThat(parse().since()).isNull();
        assertThat(parse().notices()).isFalse();
        query.add("since", "12").add("role", "viewer").add("takeover", "true");
        AttachRequest request = parse();
        assertThat(request.since()).isEqualTo(12);
        assertThat(request.notices()).isTrue();
        assertThat(request.role()).isEqualTo(Role.VIEWER);
        assertThat(request.whenTaken()).isEqualTo(WhenTaken.TAKE_OVER);
        query.set("since", "-1");
        assertRefused(CloseCode.POLICY_VIOLATION, "since");
        query.set("since", "1").set("role", "boss");
        assertRefused(CloseCode.POLICY_VIOLATION, "role");
    }

    private AttachRequest parse() {
        return AttachRequest.parse(
                headers, AttachRequest.offeredProtocols(headers), query, null, new Origins(List.of()));
    }

    private void assertRefused(CloseCode code, String part) {
        assertThatThrownBy(this::parse)
                .hasMessageContaining(part)
                .isInstanceOfSatisfying(
                        StreamRefused.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
