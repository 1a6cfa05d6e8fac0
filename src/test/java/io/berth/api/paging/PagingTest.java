package io.berth.api.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {

    @Test
    void goesOnWhereThePageBeforeEnded() {
        PageRequest first = PageRequest.of(null, 2);
        Page<String> page = Page.of(List.of("c", "b", "a"), first, Function.identity());
        assertThat(page.items()).containsExactly("c", "b");
        assertThat(PageRequest.of(page.next(), 2).after()).isEqualTo("b");
    }

    @Test
    void hasNoCursorOnTheLastPage() {
        Page<String> page = Page.of(List.of("b", "a"), PageRequest.of(null, 2), Function.identity());
        assertThat(page.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 201, Integer.MAX_VALUE})
    void boundsTheLimit(int limit) {
        assertThatThrownBy(() -> PageRequest.of(null, limit)).isInstanceOf(BerthException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "%%%", "Mjp4"})
    void refusesACursorOfItsOwnMaking(String cursor) {
        assertThatThrownBy(() -> PageRequest.of(cursor, null)).isInstanceOf(BerthException.class);
    }

    @Test
    void readsLabelsAndRefusesThoseWithoutAKey() {
        assertThat(LabelFilter.parse(List.of("a=1", "b=x=y", "c=")))
                .containsEntry("b", "x=y")
                .containsEntry("c", "");
        assertThatThrownBy(() -> LabelFilter.parse(List.of("=1"))).isInstanceOf(BerthException.class);
        assertThatThrownBy(() -> LabelFilter.parse(List.of("a"))).isInstanceOf(BerthException.class);
        assertThatThrownBy(() -> LabelFilter.parse(List.of("a=1", "a=2"))).isInstanceOf(BerthException.class);
    }
}
