package io.berth.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.testing.TestConfigs;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientAddressTest {

    @Test
    void believesNobodyUnlessConfigured() {
        assertThat(address("", "192.0.2.9", "203.0.113.1")).isEqualTo("192.0.2.9");
        assertThat(address("10.0.0.0/8", "192.0.2.9", "203.0.113.1")).isEqualTo("192.0.2.9");
    }

    @Test
    void takesTheLastAddressThatIsNoTrustedProxys() {
        String trusted = "10.0.0.0/8,::1";
        assertThat(address(trusted, "10.1.2.3", "203.0.113.1")).isEqualTo("203.0.113.1");
        assertThat(address(trusted, "::1", "6.6.6.6, 203.0.113.1, 10.0.0.7")).isEqualTo("203.0.113.1");
        assertThat(address(trusted, "10.1.2.3", "")).isEqualTo("10.1.2.3");
        assertThat(address(trusted, "10.1.2.3", "evil, 10.0.0.7")).isEqualTo("10.0.0.7");
        assertThat(address(trusted, "10.1.2.3", "localhost")).isEqualTo("10.1.2.3");
    }

    @Test
    void namesWhatIsNoAddress() {
        assertThatThrownBy(() -> address("proxy.example", "::1", "")).hasMessageContaining("proxy.example");
    }

    private static String address(String trusted, String peer, String forwarded) {
        HttpConfig config = TestConfigs.of(HttpConfig.class, Map.of("berth.http.trusted-proxies", trusted));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (!forwarded.isEmpty()) {
            headers.add("X-Forwarded-For", forwarded);
        }
        HttpServerRequest request = (HttpServerRequest) Proxy.newProxyInstance(
                HttpServerRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "remoteAddress" -> SocketAddress.inetSocketAddress(4711, peer);
                    case "headers" -> headers;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return new ClientAddress(config).of(request);
    }
}
