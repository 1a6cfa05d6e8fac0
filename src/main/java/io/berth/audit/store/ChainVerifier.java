package io.berth.audit.store;

import io.berth.audit.ChainHead;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the whole chain and computes it anew. Finds entries that were changed, removed, put in or put elsewhere, and an end that
 * was cut off, if a head is known that was there.
 */
public final class ChainVerifier {

    /** The action that names a checkpoint in the chain itself; its object is the checkpoint's head. */
    public static final String PRUNE = "audit.prune";

    private static final int MOST_PROBLEMS = 20;
    private static final int ROWS_AT_ONCE = 2000;

    private final List<String> problems = new ArrayList<>();
    private final List<ChainHead> expected;
    private long entries;

    /**
     * What was found.
     *
     * @param begin the checkpoint it begins after
     * @param problems at most 20; none means that the chain is whole
     */
    public record Report(ChainHead begin, ChainHead head, long entries, List<String> problems) {
        public Report {
            problems = List.copyOf(problems);
        }
    }

    private ChainVerifier(List<ChainHead> expected) {
        this.expected = expected;
    }

    /**
     * Verifies the chain. Reads every entry once, in bounded memory, as it stands at one moment; entries may be added
     * meanwhile.
     *
     * @param expected heads that were seen before and must be in the chain
     */
    public static Report verify(Connection connection, List<ChainHead> expected) throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            return new ChainVerifier(expected).run(connection);
        } finally {
            connection.rollback();
        }
    }

    private Report run(Connection connection) throws SQLException {
        ChainHead begin = checkpoint(connection);
        boolean attested = begin.seq() == 0;
        long next = begin.seq() + 1;
        byte[] hash = begin.hash();
        try (PreparedStatement select = connection.prepareStatement(
                "select " + EntryRow.COLUMNS + " from audit_entry where seq > ? order by seq")) {
            select.setFetchSize(ROWS_AT_ONCE);
            select.setLong(1, begin.seq());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    EntryRow row = EntryRow.read(rows);
                    byte[] stored = rows.getBytes("hash");
                    if (row.seq() != next) {
                        missing(next, row.seq() - 1);
                    } else if (!Arrays.equals(row.hash(hash), stored)) {
                        problem("entry " + row.seq() + " (" + row.text("id") + ", " + row.text("action")
                                + ") was changed, or is not the one that was written there");
                    }
                    attested |= attests(row, begin);
                    entries++;
                    next = row.seq() + 1;
                    hash = stored;
                }
            }
        }
        ChainHead head = new ChainHead(next - 1, hash);
        if (!attested) {
            problem("no entry of the chain tells of the checkpoint " + begin + ": entries were removed before it");
        }
        for (ChainHead known : expected) {
            if (known.seq() > begin.seq() && !has(connection, known)) {
                problem("the chain does not hold " + known + ", which was seen before: it was cut off or written anew"
                        + " (it ends at " + head + ")");
            }
        }
        return new Report(begin, head, entries, problems);
    }

    private static boolean attests(EntryRow row, ChainHead checkpoint) {
        return PRUNE.equals(row.text("action"))
                && Long.toString(checkpoint.seq()).equals(row.text("object_id"))
                && checkpoint.hex().equals(row.text("object_name"));
    }

    private void missing(long from, long to) {
        problem(from == to ? "entry " + from + " is missing" : "entries " + from + " to " + to + " are missing");
    }

    private void problem(String text) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(text);
        }
    }

    private static ChainHead checkpoint(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select seq, hash from audit_checkpoint order by seq desc limit 1");
                ResultSet row = select.executeQuery()) {
            return row.next() ? new ChainHead(row.getLong("seq"), row.getBytes("hash")) : ChainHead.GENESIS;
        }
    }

    static boolean has(Connection connection, ChainHead head) throws SQLException {
        String sql = "select from audit_entry where seq = ? and hash = ?"
                + " union all select from audit_checkpoint where seq = ? and hash = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, head.seq());
            select.setBytes(2, head.hash());
            select.setLong(3, head.seq());
            select.setBytes(4, head.hash());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }
}
