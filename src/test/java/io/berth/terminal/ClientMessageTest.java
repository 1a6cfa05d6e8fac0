package io.berth.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.TerminalSize;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessageTest {

    @Test
    void readsInput() {
        ClientMessage message = decode(StreamProtocol.V5, "006c730a");
        assertThat(message)
                .isInstanceOfSatisfying(
                        ClientMessage.Input.class,
                        i -> assertThat(i.bytes().toString()).isEqualTo("ls\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "ff", "ff01", "ff0000"})
    void ignoresWhatSaysNothing(String hex) {
        assertThat(decode(StreamProtocol.V5, hex)).isEqualTo(new ClientMessage.Nothing());
    }

    @Test
    void readsTheHalfCloseOfV5Only() {
        assertThat(decode(StreamProtocol.V5, "ff00")).isEqualTo(new ClientMessage.CloseInput());
        assertRefused(StreamProtocol.V4, "ff00", CloseCode.PROTOCOL_ERROR);
    }

    @Test
    void readsSizes() {
        assertThat(resize("{\"Width\":120,\"Height\":40}"))
                .isEqualTo(new ClientMessage.Resize(new TerminalSize(120, 40)));
        assertThat(resize("{\"Width\":0,\"Height\":0}")).isEqualTo(new ClientMessage.Nothing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "null",
                "{\"Width\":1}",
                "{\"Width\":-1,\"Height\":1}",
                "{\"Width\":65536,\"Height\":1}",
                "{\"Width\":\"80\",\"Height\":24}",
                "{\"Width\":1.5,\"Height\":24}",
                "{\"Width\":99999999999,\"Height\":24}"
            })
    void refusesSizesThatAreNone(String json) {
        assertThatThrownBy(() -> resize(json))
                .isInstanceOfSatisfying(
                        StreamRefused.class, e -> assertThat(e.code()).isEqualTo(CloseCode.POLICY_VIOLATION));
    }

    @Test
    void refusesAResizeThatIsTooLong() {
        assertThatThrownBy(() -> resize("{" + " ".repeat(1000) + "\"Width\":1,\"Height\":1}"))
                .isInstanceOf(StreamRefused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "0161", "02", "03", "07", "6c73", "fe00"})
    void refusesChannelsThatAreNotForClients(String hex) {
        assertRefused(StreamProtocol.V5, hex, CloseCode.PROTOCOL_ERROR);
    }

    @Test
    void readsAcknowledgements() {
        assertThat(decode(StreamProtocol.V5, "05" + HexFormat.of().formatHex("{\"ack\":7}".getBytes(UTF_8))))
                .isEqualTo(new ClientMessage.Acknowledge(7));
        assertRefused(StreamProtocol.V4, "05", CloseCode.POLICY_VIOLATION);
    }

    private static void assertRefused(StreamProtocol protocol, String hex, CloseCode code) {
        assertThatThrownBy(() -> decode(protocol, hex))
                .isInstanceOfSatisfying(
                        StreamRefused.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static ClientMessage decode(StreamProtocol protocol, String hex) {
        return ClientMessage.decode(protocol, Buffer.buffer(HexFormat.of().parseHex(hex)));
    }

    private static ClientMessage resize(String json) {
        return ClientMessage.decode(
                StreamProtocol.V5, Buffer.buffer().appendByte((byte) 4).appendString(json));
    }
}
