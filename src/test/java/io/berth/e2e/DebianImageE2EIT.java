package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.TENANT;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.berth.testing.DebianImage;
import io.berth.testing.RequiresProgram;
import io.restassured.http.ContentType;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole distribution as an image: its shell, its package manager, its users and its special files. */
@EndToEnd
@RequiresProgram({"mmdebstrap", "setcap"})
class DebianImageE2EIT {

    private static final String IMAGE = "debian:test";

    private final ServerProcess server;
    private final Client client;
    private String container = "";

    DebianImageE2EIT(ServerProcess server) {
        this.server = server;
        this.client = new Client(server);
    }

    @BeforeAll
    static void importImage(ServerProcess server) throws IOException {
        new Client(server)
                .request()
                .contentType(ContentType.BINARY)
                .queryParam("reference", IMAGE)
                .body(DebianImage.rootfs().toFile())
                .put(TENANT + "/images/import")
                .then()
                .statusCode(201);
    }

    @AfterAll
    static void removeImage(ServerProcess server) {
        Client client = new Client(server);
        String id = client.get(TENANT + "/images")
                .jsonPath()
                .getString("items.find { it.reference.contains('debian') }.id");
        client.request().delete(TENANT + "/images/" + id).then().statusCode(204);
    }

    @BeforeEach
    void create() {
        container = create("");
    }

    private String create(String more) {
        return client.json("{'image':'" + IMAGE + "','command':['sleep','1000']" + more + "}")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    @AfterEach
    void deleteAll() {
        client.deleteAll();
        await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
    }

    @Test
    void hasAShellForAPerson() {
        String bash = client.startExec(
                container,
                "{'command':['bash','--norc'],'tty':true,'env':{'PS1':'ready> ','TERM':'xterm'},'size':{'columns':80,'rows':24}}");
        try (StreamClient terminal = StreamClient.attach(server, bash)) {
            terminal.awaitStdout("ready> ");
            terminal.type("stty size\n");
            terminal.awaitStdout("24 80\r\n");
            terminal.send(4, "{\"Width\":132,\"Height\":50}");
            terminal.type("echo $(stty size) $COLUMNS\n");
            terminal.awaitStdout("50 132 132\r\n");
            terminal.type("sleep 1000\n");
            await().until(() -> processes(container), containsString("bash --norc, sleep 1000"));
            terminal.type("\u0003");
            terminal.awaitStdout("^C");
            terminal.type("echo status $?\n");
            terminal.awaitStdout("status 130\r\n");
            // what a full-screen program does: the other screen, a move of the cursor, a key without an echo
            terminal.type("tput smcup; tput cup 9 19; read -rsn1 key; tput rmcup; echo key $key\n");
            terminal.awaitStdout("\u001b[?1049h");
            terminal.awaitStdout("\u001b[10;20H");
            terminal.type("q");
            terminal.awaitStdout("\u001b[?1049l");
            terminal.awaitStdout("key q\r\n");
            terminal.type("cat /etc/passw\t | head -n 1\n");
            terminal.awaitStdout("root:x:0:0:root:/root:/bin/bash\r\n");
            terminal.type("exit 7\n");
            assertThat(terminal.status().getString("details.causes[0].message")).isEqualTo("7");
        }
    }

    private String processes(String id) {
        return client.get(path(id, "processes"))
                .jsonPath()
                .getList("processes.command")
                .toString();
    }

    @Test
    void hasEveryFileOfItsPackages() {
        assertThat(client.exec(container, "dpkg --verify; dpkg --audit; apt-get check >/dev/null && echo sound"))
                .isEqualTo("sound\n");
        assertThat(client.exec(container, "apt-cache policy bash")).contains("Installed: 5.2");
    }

    @Test
    void runsAsUsersOfItsOwn() {
        String nobody = create(",'user':'nobody'");
        assertThat(client.exec(nobody, "id -un; id -gn; touch /etc/mine || echo refused"))
                .isEqualTo("nobody\nnogroup\nrefused\n");
        assertThat(client.exec(container, "useradd -m -G games,audio alice && echo made"))
                .isEqualTo("made\n");
        assertThat(execAs("alice", "id -un; id -Gn; cd; pwd; touch mine && stat -c %U mine"))
                .isEqualTo("alice\nalice audio games\n/home/alice\nalice\n");
        assertThat(execAs("mail:www-data", "id -un; id -gn")).isEqualTo("mail\nwww-data\n");
        assertThat(client.exec(container, "su -s /bin/sh nobody -c id\\\\ -un")).isEqualTo("nobody\n");
        client.json("{'image':'" + IMAGE + "','user':'alice'}")
                .post(CONTAINERS)
                .then()
                .statusCode(422)
                .body("code", equalTo("user-not-found"));
    }

    private String execAs(String user, String script) {
        return client.json("{'wait':true,'user':'" + user + "','command':['sh','-c','" + script + "']}")
                .post(path(container, "execs"))
                .then()
                .statusCode(200)
                .extract()
                .path("stdout");
    }

    /** A setuid program becomes the container's root, which is less than the host's and has no more than others here. */
    @Test
    void gainsNothingBySetuidPrograms() {
        assertThat(client.exec(
                        container, "stat -c %a /usr/bin/passwd; cp /bin/bash /root-shell; chmod 4755 /root-shell"))
                .isEqualTo("4755\n");
        assertThat(execAs("nobody", "/root-shell -p -c id\\\\ -u")).isEqualTo("0\n");
        String roots = client.exec(container, "grep CapEff: /proc/self/status");
        assertThat(execAs("nobody", "grep CapEff: /proc/self/status")).matches("CapEff:\t0+\n");
        assertThat(execAs("nobody", "/root-shell -p -c grep\\\\ CapEff:\\\\ /proc/self/status"))
                .isEqualTo(roots);
        assertThat(execAs("nobody", "/root-shell -p -c mount\\\\ -t\\\\ tmpfs\\\\ none\\\\ /mnt 2>&1 || echo refused"))
                .endsWith("refused\n");
        assertThat(execAs("nobody", "/root-shell -p -c cat\\\\ /proc/self/uid_map")
                        .strip())
                .doesNotMatch("0\\s+0\\s.*");
        assertThat(execAs("nobody", "su -c id root </dev/null 2>/dev/null || echo refused"))
                .isEqualTo("refused\n");
    }

    @Test
    void keepsHardLinksAndCapabilities() {
        String files = DebianImage.CAPABLE + " " + DebianImage.SAME_FILE;
        assertThat(client.exec(container, "stat -c %h " + files + "; stat -c %i " + files + " | uniq | wc -l"))
                .isEqualTo("2\n2\n1\n");
        assertThat(client.exec(container, "getcap " + DebianImage.CAPABLE))
                .isEqualTo(DebianImage.CAPABLE + " cap_net_bind_service=ep\n");
    }

    @Test
    void copiesAndRemovesWholeTrees() {
        assertThat(
                        client.exec(
                                container,
                                "cp -a /usr/share /copy; diff -r --no-dereference /usr/share /copy && find /copy | wc -l; rm -r /copy /usr/share; ls /usr/share /copy 2>&1 | wc -l"))
                .matches("\\d{4,}\n2\n");
        String other = create("");
        assertThat(client.exec(other, "ls /usr/share | wc -l").strip()).isNotEqualTo("0");
    }
}
