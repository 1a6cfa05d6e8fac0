package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AddressQueueTest {

    private final Ipv4Subnet subnet = Ipv4Subnet.parse("10.64.0.0/29"); // five containers
    private final AddressQueue queue = new AddressQueue(subnet);

    @Test
    void givesEveryAddressOnce() {
        for (int i = 0; i < 5; i++) {
            assertThat(queue.take()).hasValue(subnet.base() + 2 + i);
        }
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void reusesAnAddressLast() {
        int first = take();
        queue.giveBack(first);
        assertThat(new int[] {take(), take(), take(), take()}).doesNotContain(first);
        assertThat(take()).isEqualTo(first);
    }

    @Test
    void passesOverWhatIsOccupied() {
        queue.occupy(subnet.base() + 2);
        assertThat(take()).isEqualTo(subnet.base() + 3);
    }

    @Test
    void refusesAddressesThatAreNoContainers() {
        assertThatIllegalArgumentException().isThrownBy(() -> queue.giveBack(subnet.gateway()));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.occupy(subnet.base() + 7));
    }

    private int take() {
        OptionalInt address = queue.take();
        assertThat(address).isPresent();
        return address.getAsInt();
    }
}
