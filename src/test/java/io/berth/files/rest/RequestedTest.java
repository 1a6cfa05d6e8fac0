package io.berth.files.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.files.ByteStream;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What all requests for files have in common. */
class RequestedTest {

    private static final class Counted implements ByteStream {

        private int closed;

        @Override
        public long length() {
            return 0;
        }

        @Override
        public int read(ByteBuffer buffer) {
            return -1;
        }

        @Override
        public void close() {
            closed++;
        }
    }

    /** Answers what is given, and 1 to all else. */
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.getOrDefault(method.getName(), 1)));
    }

    private static RoutingContext context(boolean closed) {
        return answering(
                RoutingContext.class,
                Map.of("response", answering(HttpServerResponse.class, Map.of("closed", closed))));
    }

    @Test
    void closesWhatNobodyWillReceive() {
        Counted stream = new Counted();
        assertThat(Requested.closing(context(false), stream)).isSameAs(stream);
        assertThat(stream.closed).isZero();
        assertThatThrownBy(() -> Requested.closing(context(true), stream)).isInstanceOf(BerthException.class);
        assertThat(stream.closed).isEqualTo(1);
    }

    @Test
    void keepsBothEndsOfALongPathForTheAudit() {
        assertThat(Requested.audited("/etc/passwd")).isEqualTo("/etc/passwd");
        assertThat(Requested.audited("/tmp/" + "x/".repeat(300) + "shadow"))
                .hasSize(250)
                .startsWith("/tmp/x/x/")
                .endsWith("x/x/shadow");
    }
}
