package io.berth.tenants.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/quotas.md} equal to the table in the code. */
class QuotaPageTest {

    private static final Path PAGE = Path.of("docs/quotas.md");
    private static final Path FRESH = Path.of("target/quotas.md");

    @Test
    void isWhatTheTableSays() throws IOException {
        String fresh = QuotaPage.render();
        String kept = Files.exists(PAGE) ? Files.readString(PAGE) : "";
        if (!fresh.equals(kept)) {
            Files.createDirectories(FRESH.getParent());
            Files.writeString(FRESH, fresh);
        }
        assertThat(kept)
                .as("%s is out of date: replace it with %s", PAGE, FRESH)
                .isEqualTo(fresh);
    }
}
