package io.berth.engine.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserDatabaseTest {

    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            nonsense
            broken:x:abc:1::/:/bin/sh
            huge:x:4294967294:1::/:/bin/sh
            alice:x:1000:1001::/home/alice:/bin/sh
            """;
    private static final String GROUP = """
            root:x:0:
            staff:x:50:bob,alice
            alice:x:1001:
            far:x:99999999999999:alice
            """;

    private final UserDatabase users = new UserDatabase(PASSWD, GROUP);

    @Test
    void takesRootWhenNobodyIsNamed() {
        assertThat(users.find(null)).isEqualTo(new User(0, 0, List.of(), "/root"));
        assertThat(users.find(" ")).isEqualTo(new User(0, 0, List.of(), "/root"));
    }

    @Test
    void knowsRootOfAnImageWithoutPasswd() {
        assertThat(new UserDatabase("", "").find(null)).isEqualTo(User.ROOT);
    }

    @Test
    void findsANameWithItsGroupsAndHome() {
        assertThat(users.find("alice")).isEqualTo(new User(1000, 1001, List.of(50L), "/home/alice"));
    }

    @Test
    void findsTheEntryOfANumber() {
        assertThat(users.find("1000")).isEqualTo(users.find("alice"));
    }

    @Test
    void takesANumberThatIsNotInTheFile() {
        assertThat(users.find("4242")).isEqualTo(new User(4242, 0, List.of(), "/"));
    }

    @Test
    void replacesTheGroupByTheOneNamed() {
        assertThat(users.find("alice:staff")).isEqualTo(new User(1000, 50, List.of(), "/home/alice"));
        assertThat(users.find("7:8")).isEqualTo(new User(7, 8, List.of(), "/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mallory", "alice:nobody", "broken", "huge", "65536", "-1", "99999999999", "1:65536", "1:far"})
    void refusesWhoIsNotThere(String spec) {
        assertThatThrownBy(() -> users.find(spec))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.USER_NOT_FOUND));
    }
}
