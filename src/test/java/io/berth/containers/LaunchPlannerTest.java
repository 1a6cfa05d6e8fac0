package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.json.StrictJson;
import io.berth.common.BerthException;
import io.berth.images.Digest;
import io.berth.images.ImageConfig;
import io.berth.images.ResolvedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchPlannerTest {

    private static final ObjectMapper JSON = StrictJson.configure(new ObjectMapper());

    private static Launch plan(String spec, List<String> entrypoint, List<String> command) throws Exception {
        ImageConfig config = new ImageConfig(
                entrypoint,
                command,
                List.of("PATH=/opt/bin", "LANG=C", "KEEP=1"),
                "/work",
                "app",
                "SIGQUIT",
                Map.of(),
                List.of(),
                null);
        ResolvedImage image = new ResolvedImage("i", new Digest("0".repeat(64)), List.of(Path.of("/l/1")), config);
        return LaunchPlanner.plan(JSON.readValue(spec.replace('\'', '"'), ContainerSpec.class), image);
    }

    @Test
    void runsTheImagesOwnCommandByDefault() throws Exception {
        assertThat(plan("{'image':'i'}", List.of("entry"), List.of("cmd")).args())
                .containsExactly("entry", "cmd");
    }

    @Test
    void commandTakesThePlaceOfEntrypointAndCommand() throws Exception {
        assertThat(plan("{'image':'i','command':['mine']}", List.of("entry"), List.of("cmd"))
                        .args())
                .containsExactly("mine");
    }

    @Test
    void argsTakeThePlaceOfTheImagesCommandOnly() throws Exception {
        assertThat(plan("{'image':'i','args':['a']}", List.of("entry"), List.of("cmd"))
                        .args())
                .containsExactly("entry", "a");
    }

    @Test
    void asksForACommandWhenNobodyNamesOne() {
        assertThatThrownBy(() -> plan("{'image':'i'}", List.of(), List.of()))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("/command");
    }

    @Test
    void mergesTheEnvironmentAndAddsWhatAProcessExpects() throws Exception {
        Launch launch = plan("{'name':'box','image':'i','tty':true,'env':{'LANG':'de'}}", List.of("e"), List.of());
        assertThat(launch.env())
                .containsExactlyInAnyOrder("PATH=/opt/bin", "HOSTNAME=box", "TERM=xterm-256color", "LANG=de", "KEEP=1");
        assertThat(launch.workingDir()).isEqualTo("/work");
        assertThat(launch.user()).isEqualTo("app");
        assertThat(launch.stopSignal()).isEqualTo(3);
    }

    @Test
    void specificationWinsOverImage() throws Exception {
        Launch launch =
                plan("{'image':'i','workingDir':'/','user':'0','stopSignal':'SIGRTMIN+3'}", List.of("e"), List.of());
        assertThat(launch.workingDir()).isEqualTo("/");
        assertThat(launch.user()).isEqualTo("0");
        assertThat(launch.stopSignal()).isEqualTo(37);
    }
}
