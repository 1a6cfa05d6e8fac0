package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.Exit;
import io.berth.engine.OutputStreamKind;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerMessageTest {

    @Test
    void opensWithOneByte() {
        assertThat(hex(ServerMessage.opened())).isEqualTo("01");
    }

    @Test
    void prefixesOutputWithItsChannel() {
        byte[] array = "..abc..".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(hex(ServerMessage.output(new OutputRing.Slice(OutputStreamKind.STDOUT, 0, array, 2, 3))))
                .isEqualTo("01616263");
        assertThat(hex(ServerMessage.output(new OutputRing.Slice(OutputStreamKind.STDERR, 0, array, 2, 3))))
                .isEqualTo("02616263");
    }

    @Test
    void tellsSuccessAsKubernetesDoes() {
        assertThat(text(ServerMessage.status(new Exit(0, false, Instant.EPOCH))))
                .isEqualTo("\u0003{\"metadata\":{},\"status\":\"Success\"}");
    }

    @Test
    void tellsAnExitCodeAsKubernetesDoes() {
        assertThat(text(ServerMessage.status(new Exit(3, false, Instant.EPOCH))))
                .isEqualTo("\u0003{\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"command terminated with non-zero exit code: 3\","
                        + "\"reason\":\"NonZeroExitCode\","
                        + "\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}");
    }

    @Test
    void tellsPositionsAndRolesOnBerthsOwnChannel() {
        assertThat(text(ServerMessage.position(7, 2, 9))).isEqualTo("\u0005{\"offset\":7,\"lost\":2,\"end\":9}");
        assertThat(text(ServerMessage.role(Role.VIEWER))).isEqualTo("\u0005{\"role\":\"viewer\"}");
    }

    @Test
    void namesWhoIsThereBesideTheirNumber() {
        Presence presence = new Presence(30, List.of(new Participant("alice", Role.WRITER, true)));
        assertThat(text(ServerMessage.presence(presence)))
                .isEqualTo(
                        "\u0005{\"clients\":30,\"attached\":[{\"name\":\"alice\",\"role\":\"writer\",\"you\":true}]}");
    }

    private static String hex(Buffer message) {
        return HexFormat.of().formatHex(message.getBytes());
    }

    private static String text(Buffer message) {
        return message.toString();
    }
}
