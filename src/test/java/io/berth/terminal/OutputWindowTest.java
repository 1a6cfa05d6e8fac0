package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutputWindowTest {

    private final OutputWindow window = new OutputWindow(100);

    @Test
    void closesWhenFullAndOpensWhenShown() {
        assertThat(window.isOpen()).isTrue();
        window.sent(1000, 1099);
        assertThat(window.isOpen()).isTrue();
        window.sent(1099, 1200);
        assertThat(window.isOpen()).isFalse();
        assertThat(window.acknowledge(1101)).isTrue();
        assertThat(window.isOpen()).isTrue();
    }

    @Test
    void beginsAnewAfterAGap() {
        window.sent(0, 100);
        assertThat(window.isOpen()).isFalse();
        window.sent(5000, 5010);
        assertThat(window.isOpen()).isTrue();
    }

    @Test
    void takesNoAcknowledgementOfWhatWasNeverSent() {
        assertThat(window.acknowledge(0)).isFalse();
        window.sent(0, 100);
        assertThat(window.acknowledge(101)).isFalse();
        assertThat(window.acknowledge(100)).isTrue();
        assertThat(window.acknowledge(5)).isTrue();
        window.sent(100, 199);
        assertThat(window.isOpen()).isTrue();
    }
}
