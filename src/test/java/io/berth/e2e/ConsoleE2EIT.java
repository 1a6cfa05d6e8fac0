package io.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.testing.BrowserScript;
import io.berth.testing.RequiresBrowser;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The console as people use it: in a real Chromium, in front of the packaged server and its containers. What is tried is in
 * {@code web-ui/e2e}; sign-in at an identity provider is tried by {@code KeycloakIT}.
 */
@EndToEnd
@RequiresBrowser
class ConsoleE2EIT {

    private static final Pattern LINK = Pattern.compile("Sign in, once, until \\S+: (\\S+)");

    private static ServerProcess server;

    @BeforeAll
    static void start() {
        server = ServerProcess.create()
                .with("BERTH_WEBHOOKS_ALLOWED_PRIVATE_ADDRESSES", "127.0.0.1/32")
                .start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static BrowserScript script(String name) {
        return new BrowserScript(name, server.uri("http", "").toString()).with("BERTH_TOKEN", server.token());
    }

    @Test
    void leadsFromThePrintedLinkToAShellAndExplainsARefusalByQuota() {
        Matcher link = LINK.matcher(server.log());
        assertThat(link.find()).as(server.log()).isTrue();
        script("journey.mjs").with("BERTH_SIGN_IN_LINK", link.group(1)).run();
    }

    @Test
    void showsShellsThatLoseNothingWhenThePageIsReloadedOrTheServerKilled() {
        script("shell.mjs").on("kill", server::kill9).on("start", server::start).run();
    }

    @Test
    void showsOneShellToSeveralAndAChangedQuotaAtOnce() {
        script("together.mjs").run();
    }

    @Test
    void uploadsEditsAndDeletesFilesOfAContainer() {
        script("files.mjs").run();
    }

    @Test
    void showsOwnersAndAdministratorsWhatTheyLookAfter() {
        script("platform.mjs").run();
    }

    @Test
    void showsEveryPageInBothThemesAndOnAPhoneToEverybody() {
        script("pages.mjs").run();
    }
}
