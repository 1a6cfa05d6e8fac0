package io.berth.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpaceGuardTest {

    private static boolean makes(String request) {
        String[] parts = request.split(" ");
        return SpaceGuard.makes(parts[0], parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/v1/tenants",
                "POST /api/v1/tenants/acme/containers",
                "POST /api/v1/tenants/acme/containers/web/start",
                "POST /api/v1/tenants/acme/containers/web/restart",
                "POST /api/v1/tenants/acme/images",
                "PUT /api/v1/tenants/acme/images/import",
                "PUT /api/v1/tenants/acme/containers/web/files/content",
                "PUT /api/v1/tenants/acme/containers/web/archive",
                "POST /api/v1/tenants/acme/tokens"
            })
    void refusesWhatMakesSomething(String request) {
        assertThat(makes(request)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/v1/tenants/acme/containers/web/stop",
                "POST /api/v1/tenants/acme/containers/web/kill",
                "POST /api/v1/tenants/acme/containers/web/execs",
                "DELETE /api/v1/tenants/acme/containers/start",
                "PATCH /api/v1/tenants/acme",
                "PUT /api/v1/tenants/acme/quota",
                "POST /api/v1/session"
            })
    void letsPassWhatEndsSomethingOrLooksAfterIt(String request) {
        assertThat(makes(request)).isFalse();
    }
}
