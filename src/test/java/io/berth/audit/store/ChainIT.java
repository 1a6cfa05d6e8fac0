package io.berth.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.audit.AuditEntry;
import io.berth.audit.AuditQuery;
import io.berth.audit.ChainHead;
import io.berth.common.Directories;
import io.berth.database.EmbeddedPostgres;
import io.berth.tenants.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The chain in a real database, and what somebody with its password may try. */
@NullUnmarked
class ChainIT {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    private static Path directory;
    private static EmbeddedPostgres postgres;
    private static PGSimpleDataSource database;

    private StoredChain chain;
    private AuditRepository repository;

    @BeforeAll
    static void start() throws Exception {
        directory = Files.createTempDirectory(
                "berth-chain", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        postgres = EmbeddedPostgres.launch(directory);
        postgres.awaitReady();
        database = new PGSimpleDataSource();
        database.setUrl(postgres.jdbcUrl());
        database.setUser(postgres.username());
        database.setPassword(postgres.password());
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
        Directories.deleteRecursively(directory);
    }

    @BeforeEach
    void tenEntries() throws Exception {
        sql("drop schema public cascade; create schema public;"
                + Files.readString(Path.of("src/main/resources/db/migration/V007__audit.sql")));
        chain = new StoredChain(database);
        repository = new AuditRepository(database);
        chain.append(entries(0, 6), true);
        chain.append(entries(6, 10), false);
    }

    @Test
    void isWholeAsWritten() throws Exception {
        ChainVerifier.Report report = verify(chain.head());
        assertThat(report.problems()).isEmpty();
        assertThat(report.entries()).isEqualTo(10);
        assertThat(report.head()).isEqualTo(chain.head());
        assertThat(chain.head().seq()).isEqualTo(10);
    }

    @Test
    void appendsWhatIsThereOnlyOnce() throws Exception {
        List<AuditEntry> batch = entries(10, 13);
        chain.append(batch, false);
        assertThat(chain.append(batch, true).seq()).isEqualTo(13);
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void canOnlyBeAddedTo() {
        for (String tried : List.of(
                "update audit_entry set action = 'x' where seq = 3",
                "delete from audit_entry where seq = 10",
                "truncate audit_entry",
                "insert into audit_checkpoint values (5, '\\x00', now(), now())")) {
            assertThatThrownBy(() -> sql(tried)).as(tried).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void tellsAChangeOfAnyColumn() throws Exception {
        for (String change : List.of(
                "action = 'other'",
                "subject_name = 'innocent'",
                "tenant = null",
                "outcome = 'refused'",
                "status = 500",
                "details = '{\"a\":\"b\"}'",
                "object_id = null, object_name = 'ctr_4'",
                "at = at + interval '1 microsecond'")) {
            tenEntries();
            tamper("update audit_entry set " + change + " where seq = 5");
            assertThat(verify().problems())
                    .as(change)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("entry 5");
        }
    }

    @Test
    void tellsAnEntryThatWasRemoved() throws Exception {
        tamper("delete from audit_entry where seq = 4");
        assertThat(verify().problems()).containsExactly("entry 4 is missing");
        tamper("delete from audit_entry where seq in (5, 6)");
        assertThat(verify().problems()).containsExactly("entries 4 to 6 are missing");
    }

    @Test
    void tellsEntriesThatWereExchanged() throws Exception {
        tamper("update audit_entry set seq = -1 where seq = 3; update audit_entry set seq = 3 where seq = 4;"
                + " update audit_entry set seq = 4 where seq = -1");
        assertThat(verify().problems()).isNotEmpty().first().asString().contains("entry 3");
    }

    @Test
    void tellsAnEntryThatWasPutIn() throws Exception {
        tamper(
                "update audit_entry set seq = -seq where seq > 5; update audit_entry set seq = 1 - seq where seq < 0;"
                        + " insert into audit_entry (seq, id, at, action, outcome, details, hash)"
                        + " select 6, 'aud_forged', at, 'nothing', 'success', '{}', sha256('x') from audit_entry where seq = 5");
        assertThat(verify().problems()).isNotEmpty().first().asString().contains("entry 6");
    }

    @Test
    void tellsAnEndThatWasCutOffOrWrittenAnewByAHeadKeptElsewhere() throws Exception {
        ChainHead seen = chain.head();
        tamper("delete from audit_entry where seq > 8");
        assertThat(verify().problems()).isEmpty();
        assertThat(verify(seen).problems()).hasSize(1).first().asString().contains(seen.toString());
        chain.append(entries(20, 25), false);
        assertThat(verify(seen).problems()).hasSize(1);
        assertThat(chain.has(seen)).isFalse();
    }

    @Test
    void staysVerifiableWhenOldEntriesAreRemoved() throws Exception {
        ChainHead old = repository.lastBefore(NOON.plusSeconds(5)).orElseThrow();
        assertThat(old.seq()).isEqualTo(5);
        ChainHead seen = chain.head();
        chain.append(
                List.of(AuditEntry.of(
                        NOON.plusSeconds(60),
                        AuditEntry.Actor.SYSTEM,
                        null,
                        ChainVerifier.PRUNE,
                        new AuditEntry.Target("audit", "5", old.hex()),
                        Map.of())),
                false);
        assertThat(repository.prune(old, NOON)).isEqualTo(5);
        ChainVerifier.Report report = verify(old, seen);
        assertThat(report.problems()).isEmpty();
        assertThat(report.begin()).isEqualTo(old);
        assertThat(report.entries()).isEqualTo(6);
        assertThat(chain.append(entries(11, 12), false).seq()).isEqualTo(12);
        assertThatThrownBy(() -> sql("delete from audit_entry where seq = 6")).isInstanceOf(SQLException.class);
    }

    @Test
    void tellsACheckpointThatTheChainDoesNotKnow() throws Exception {
        sql("insert into audit_checkpoint select seq, hash, at, now() from audit_entry where seq = 7;"
                + " delete from audit_entry where seq <= 7");
        assertThat(verify().problems()).hasSize(1).first().asString().contains("checkpoint");
    }

    @Test
    void readsWhatWasAskedForNewestFirst() {
        AuditQuery all = new AuditQuery(null, null, null, null, null, null, null);
        assertThat(repository.find(all, null, 3)).extracting(e -> e.seq()).containsExactly(10L, 9L, 8L);
        assertThat(repository.find(all, 3L, 9)).extracting(e -> e.seq()).containsExactly(2L, 1L);
        AuditQuery some = new AuditQuery(
                new TenantId("acme"), NOON.plusSeconds(2), NOON.plusSeconds(6), "system", "test.act", null, null);
        assertThat(repository.find(some, null, 9)).extracting(e -> e.seq()).containsExactly(6L, 5L, 4L, 3L);
        assertThat(repository.find(new AuditQuery(null, null, null, null, null, "ctr_4", null), null, 9))
                .hasSize(1);
        assertThat(repository.find(new AuditQuery(null, NOON.plusSeconds(99), null, null, null, null, null), null, 9))
                .isEmpty();
    }

    private static List<AuditEntry> entries(int from, int to) {
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = from; i < to; i++) {
            entries.add(AuditEntry.of(
                    NOON.plusSeconds(i),
                    AuditEntry.Actor.SYSTEM,
                    new TenantId("acme"),
                    "test.act",
                    new AuditEntry.Target("container", "ctr_" + i, null),
                    Map.of("number", "ü" + i)));
        }
        return entries;
    }

    private static ChainVerifier.Report verify(ChainHead... expected) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return ChainVerifier.verify(connection, List.of(expected));
        }
    }

    /** As somebody who owns the database can. */
    private static void tamper(String statements) throws SQLException {
        sql("alter table audit_entry disable trigger user; " + statements
                + "; alter table audit_entry enable trigger user");
    }

    private static void sql(String statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }
}
