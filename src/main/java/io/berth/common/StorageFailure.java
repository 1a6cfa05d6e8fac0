package io.berth.common;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a failure's causes when there is no room to store anything, or the database has gone. */
public enum StorageFailure {
    /** The disk is full: of the database, or of this server. */
    FULL,
    /** The database does not answer, or ended meanwhile: it may be back in a moment. */
    DATABASE_DOWN;

    private static final String DISK_FULL = "53100";
    private static final String IO_ERROR = "58030";
    private static final String NO_SPACE = "No space left on device";
    private static final int DEEPEST = 20;

    /** Empty if it is another kind of failure. */
    public static Optional<StorageFailure> of(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            StorageFailure kind = kind(cause);
            if (kind != null) {
                return Optional.of(kind);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static @Nullable StorageFailure kind(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof SQLException sql) {
            String state = String.valueOf(sql.getSQLState());
            if (state.equals(DISK_FULL) || state.equals(IO_ERROR) && message.contains(NO_SPACE)) {
                return FULL;
            }
            // classes "connection exception" and "operator intervention"; the pool's own timeout has none
            boolean gone = state.startsWith("08") || state.startsWith("57P") || message.contains("acquisition timeout");
            return gone ? DATABASE_DOWN : null;
        }
        return cause instanceof IOException && message.contains(NO_SPACE) ? FULL : null;
    }
}
