package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerConfigBuilder;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LocalContainerTest {

    @Test
    void keepsNobodyWaitingForLongWhileItIsWorkedOn() {
        LocalContainer container =
                new LocalContainer(ContainerConfigBuilder.of(new ContainerId("c1"), new GroupId("g1"), List.of("true"))
                        .build());
        ExecutorService other = Executors.newSingleThreadExecutor();
        container.lock.lock();
        try {
            var waiting = other.submit(() -> container.lockWithin(Duration.ofMillis(5)));
            assertThatThrownBy(waiting::get)
                    .hasCauseInstanceOf(EngineException.class)
                    .hasMessageContaining("c1 is being worked on");
        } finally {
            container.lock.unlock();
            other.shutdownNow();
        }
    }
}
