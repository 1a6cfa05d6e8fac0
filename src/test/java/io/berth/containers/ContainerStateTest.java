package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContainerStateTest {

    @Test
    void startsOnlyWhatHasNoProcess() {
        assertThat(Arrays.stream(ContainerState.values()).filter(ContainerState::canStart))
                .containsExactly(ContainerState.CREATED, ContainerState.STOPPED, ContainerState.FAILED);
    }

    @Test
    void pausesTheRunningAndResumesThePaused() {
        assertThat(Arrays.stream(ContainerState.values()).filter(ContainerState::canPause))
                .containsExactly(ContainerState.RUNNING);
        assertThat(Arrays.stream(ContainerState.values()).filter(ContainerState::canResume))
                .containsExactly(ContainerState.PAUSED);
    }

    @Test
    void isNeverAliveAndEndedAtOnce() {
        assertThat(ContainerState.values()).noneMatch(state -> state.isAlive() && state.isEnded());
    }
}
