package io.berth.api.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyFilterTest {

    @Test
    void knowsWhatIsStreamed() {
        assertThat(BodyFilter.isStreamed("PUT", "/api/v1/tenants/a/images/import"))
                .isTrue();
        assertThat(BodyFilter.isStreamed("PUT", "/api/v1/tenants/a/containers/b/files/content"))
                .isTrue();
        assertThat(BodyFilter.isStreamed("PUT", "/api/v1/tenants/a/containers/b/archive"))
                .isTrue();
        assertThat(BodyFilter.isStreamed("POST", "/api/v1/tenants/a/images/import"))
                .isFalse();
        assertThat(BodyFilter.isStreamed("PUT", "/api/v1/tenants/a/quota")).isFalse();
        assertThat(BodyFilter.isStreamed("PUT", "/api/v1/tenants/;/containers/x/archive"))
                .isFalse();
    }
}
