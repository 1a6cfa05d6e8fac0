package io.berth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void measuresEverythingUnlessAnAreaIsNamed() {
        assertThat(Options.parse(new String[] {}).areas()).containsExactlyInAnyOrderElementsOf(Options.AREAS);
        assertThat(Options.parse(new String[] {"exec", "--json"}).areas()).containsExactly("exec");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> Options.parse(new String[] {"speed"})).hasMessageContaining("usage:");
        assertThatThrownBy(() -> Options.parse(new String[] {"--url", "http://localhost"}))
                .hasMessageContaining("--token-file");
        assertThatThrownBy(() -> Options.parse(new String[] {"--runs", "0"})).hasMessageContaining("1 to 100000");
    }
}
