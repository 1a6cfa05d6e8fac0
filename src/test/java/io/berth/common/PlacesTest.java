package io.berth.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Places places = new Places(2000);

    private List<Places.Place> takeAll(String party, int credentials) {
        List<Places.Place> taken = new ArrayList<>();
        for (int i = 0; i < credentials; i++) {
            while (places.take(party, party + i) instanceof Places.Place place) {
                taken.add(place);
            }
        }
        return taken;
    }

    @Test
    void givesOneCredentialHalfOfATenantsQuarter() {
        assertThat(takeAll("acme", 1)).hasSize(250);
        assertThat(places.take("acme", "acme0"))
                .isEqualTo(new Places.Full(
                        "250 are open with this credential, which is its share of 2000: close some first"));
        assertThat(takeAll("acme", 9)).hasSize(250);
        assertThat(places.take("acme", "another"))
                .isEqualTo(new Places.Full(
                        "500 are open, which is the share of one tenant or user in 2000: close some first"));
        assertThat(places.take("beta", "beta0")).isInstanceOf(Places.Place.class);
    }

    @Test
    void keepsTheLastQuarterForThoseWhoHaveFew() {
        for (String party : List.of("a", "b", "c")) {
            assertThat(takeAll(party, 2)).hasSize(500);
        }
        assertThat(takeAll("d", 8)).hasSize(31);
        assertThat(places.take("d", "d9"))
                .isEqualTo(new Places.Full("the server has too few places left: try again later"));
        assertThat(takeAll("e", 8)).hasSize(31);
        for (int i = 0; i < 100; i++) {
            takeAll("more" + i, 1);
        }
        assertThat(places.taken()).isEqualTo(2000);
    }

    @Test
    void givesOnWhatWasGivenBack() {
        List<Places.Place> taken = takeAll("acme", 1);
        taken.get(0).close();
        taken.get(0).close();
        assertThat(takeAll("acme", 1)).hasSize(1);
        taken.forEach(Places.Place::close);
        assertThat(places.taken()).isEqualTo(1);
    }

    @Test
    void hasOnePlaceForOne() {
        Places one = new Places(1);
        assertThat(one.take("a", "a")).isInstanceOf(Places.Place.class);
        assertThat(one.take("b", "b")).isInstanceOf(Places.Full.class);
    }
}
