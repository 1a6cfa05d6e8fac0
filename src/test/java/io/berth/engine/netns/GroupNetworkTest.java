package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import io.berth.engine.netns.GroupNetwork.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GroupNetworkTest {

    private static final Path USERS = Path.of("/users");

    private final GroupNetwork network = network(29, Duration.ofHours(1));

    @Test
    void makesNothingBeforeItIsActive() {
        assertThat(network.nextBatch()).isNull();
        assertThat(network.take()).isCompletedExceptionally();
    }

    @Test
    void fillsItsPoolAndHandsOutWhatIsReady() {
        network.activate(USERS, "1");
        Batch batch = batch();
        assertThat(batch.addresses()).hasSize(2);
        assertThat(network.nextBatch()).as("one batch at a time").isNull();
        network.made(batch);

        assertThat(network.readyCount()).isEqualTo(2);
        assertThat(network.nextBatch()).isNull();
        assertThat(network.take()).isCompletedWithValue(batch.addresses().get(0));
    }

    @Test
    void serveWhoWaitsFirstAndGrowUnderDemand() {
        network.activate(USERS, "1");
        CompletableFuture<Integer> waiter = network.take();
        Batch batch = batch();
        network.made(batch);

        assertThat(waiter).isCompletedWithValue(batch.addresses().get(0));
        assertThat(batch.addresses()).hasSizeGreaterThan(2);
    }

    @Test
    void doesNotGiveASlotToWhoHasGone() {
        network.activate(USERS, "1");
        CompletableFuture<Integer> gone = network.take();
        CompletableFuture<Integer> waiter = network.take();
        gone.cancel(false);
        network.made(batch());

        assertThat(waiter).isCompleted();
    }

    @Test
    void tellsWhoWaitsThatMakingFailedAndFreesTheAddresses() {
        network.activate(USERS, "1");
        CompletableFuture<Integer> waiter = network.take();
        network.failed(batch(), new IOException("no"));

        assertThat(waiter).isCompletedExceptionally();
        assertThat(network.nextBatch()).as("not at once again unasked").isNull();
        network.take();
        assertThat(batch().addresses()).isNotEmpty();
    }

    @Test
    void saysThatTheSubnetIsSpentOnlyWhenNothingIsBeingRemoved() {
        network.activate(USERS, "1");
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < 5) {
            CompletableFuture<Integer> promise = network.take();
            if (!promise.isDone()) {
                network.made(batch());
            }
            taken.add(promise.join());
        }
        network.doom(taken.get(0));
        CompletableFuture<Integer> sixth = network.take();
        assertThat(network.nextBatch()).isNull();
        assertThat(sixth).isNotDone();

        List<Integer> doomed = network.nextDoomed();
        assertThat(network.nextBatch()).isNull();
        assertThat(sixth).isNotDone();

        network.removed(doomed);
        network.made(batch());
        assertThat(sixth).isCompletedWithValue(taken.get(0));

        CompletableFuture<Integer> seventh = network.take();
        assertThat(network.nextBatch()).isNull();
        assertThat(seventh.handle((slot, error) -> error).join())
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("10.64.0.0/29");
    }

    @Test
    void givesUpSlotsOfAFormerUserNamespace() {
        network.activate(USERS, "1");
        Batch batch = batch();
        network.made(batch);
        network.activate(USERS, "2");

        assertThat(network.nextDoomed()).containsExactlyElementsOf(batch.addresses());
        assertThat(network.readyCount()).isZero();
    }

    @Test
    void keepsOneReadyWhenIdle() {
        GroupNetwork idle = network(28, Duration.ZERO);
        idle.activate(USERS, "1");
        idle.made(Objects.requireNonNull(idle.nextBatch()));

        assertThat(idle.nextDoomed()).hasSize(1);
        assertThat(idle.readyCount()).isEqualTo(1);
        assertThat(idle.nextBatch()).isNull();
    }

    @Test
    void doesNotUseAgainWhatCouldNotBeRemoved() {
        network.activate(USERS, "1");
        Batch batch = batch();
        network.made(batch);
        int slot = network.take().join();
        network.doom(slot);
        network.notRemoved(network.nextDoomed());

        assertThat(network.nextDoomed()).as("not at once again").isEmpty();
        network.made(batch());
        assertThat(network.shut()).contains(slot);
    }

    @Test
    void servesNobodyWhenShut() {
        network.activate(USERS, "1");
        CompletableFuture<Integer> waiter = network.take();
        Batch batch = batch();
        network.shut();
        network.made(batch);

        assertThat(waiter).isCompletedExceptionally();
        assertThat(network.nextDoomed()).containsExactlyElementsOf(batch.addresses());
    }

    @Test
    void isNotDrainedBeforeWhatIsBeingRemovedIsGone() throws Exception {
        network.activate(USERS, "1");
        network.made(batch());
        network.doom(network.take().join());
        List<Integer> removing = network.nextDoomed();
        network.shut();
        assertThatThrownBy(() -> network.drain(Duration.ofMillis(1))).isInstanceOf(IOException.class);
        network.notRemoved(removing);
        network.drain(Duration.ZERO);
        assertThat(network.nextDoomed()).isEmpty();
    }

    private Batch batch() {
        return Objects.requireNonNull(network.nextBatch());
    }

    private static GroupNetwork network(int prefixLength, Duration idleAfter) {
        return new GroupNetwork(
                new GroupId("g"),
                Ipv4Subnet.parse("10.64.0.0/" + prefixLength),
                new NetworkSettings("10.64.0.0/10", prefixLength, 2, 4, idleAfter, false));
    }
}
