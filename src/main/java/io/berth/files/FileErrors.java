package io.berth.files;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerFileException;
import io.berth.engine.EngineException;

/** What a client is told when something is wrong with a file. */
public final class FileErrors {

    private static final int SHOWN = 200;

    private FileErrors() {}

    /** Says what the engine's refusal means; others pass. */
    static RuntimeException translate(ContainerHandle container, EngineException failure) {
        if (!(failure instanceof ContainerFileException file)) {
            return switch (failure.reason()) {
                case NOT_FOUND ->
                    new BerthException(
                            ErrorCode.CONTAINER_NOT_FOUND, "container " + container.id() + " is gone", failure);
                case WRONG_STATE ->
                    new BerthException(
                            ErrorCode.FILE_IN_USE,
                            "container " + container.id()
                                    + " is just ending, or other work on its files takes long: try again",
                            failure);
                default -> failure;
            };
        }
        String shown = "'" + shorten(file.path()) + "'";
        return switch (file.problem()) {
            case NOT_FOUND ->
                make(
                        ErrorCode.FILE_NOT_FOUND,
                        "there is no " + shown + " in the container, or a directory above it is missing"
                                + " ('parents' makes those)",
                        file);
            case EXISTS -> make(ErrorCode.FILE_EXISTS, shown + " is there already", file);
            case NOT_A_DIRECTORY ->
                make(ErrorCode.NOT_A_DIRECTORY, shown + ", or something above it, is no directory", file);
            case IS_A_DIRECTORY -> make(ErrorCode.NOT_A_FILE, shown + " is a directory", file);
            case NOT_A_FILE ->
                make(
                        ErrorCode.NOT_A_FILE,
                        shown + " is no regular file: FIFOs, sockets and devices have no content to read or write",
                        file);
            case NOT_EMPTY ->
                make(ErrorCode.DIRECTORY_NOT_EMPTY, shown + " is a directory that is not empty: use 'recursive'", file);
            case READ_ONLY ->
                make(
                        ErrorCode.FILE_SYSTEM_READ_ONLY,
                        shown + " is on a read-only file system, as 'readOnlyRootfs' has it",
                        file);
            case MOUNTED ->
                make(
                        ErrorCode.FILE_IN_USE,
                        shown + " is a mount point of the running container, or has one below it, and stays",
                        file);
            case FOREIGN ->
                make(
                        ErrorCode.FILE_OUT_OF_REACH,
                        shown + " is on a file system that is not the container's own, as /proc and /sys are not",
                        file);
            case TMPFS ->
                make(
                        ErrorCode.FILE_OUT_OF_REACH,
                        shown + " is on a tmpfs, where only processes of the container can make files: use an exec",
                        file);
            case NOT_MOVABLE ->
                make(
                        ErrorCode.FILE_NOT_MOVABLE,
                        shown
                                + " would move to another file system, or is a directory of the image: fetch it as an"
                                + " archive, write that, and delete it",
                        file);
            case TOO_DEEP ->
                make(
                        ErrorCode.BAD_REQUEST,
                        shown + " is too long or too deep, or leads through too many links or one of /proc",
                        file);
            case CHANGING -> make(ErrorCode.FILE_IN_USE, "the container kept changing " + shown + ": try again", file);
            case UNFINISHED ->
                make(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "only a part of " + shown
                                + " is deleted, which has very much in it, or is being filled: ask again",
                        file);
            case NO_SPACE -> make(ErrorCode.NO_SPACE, "no space left for " + shown, file);
            case INVALID -> make(ErrorCode.BAD_REQUEST, "this cannot be done with " + shown, file);
        };
    }

    private static BerthException make(ErrorCode code, String message, ContainerFileException cause) {
        return new BerthException(code, message, cause);
    }

    static BerthException tooLarge(long bytes) {
        return new BerthException(
                ErrorCode.TOO_LARGE, "at most " + bytes + " bytes can be sent (berth.files.max-upload)");
    }

    static BerthException invalidArchive(String message) {
        return new BerthException(ErrorCode.INVALID_ARCHIVE, message);
    }

    public static BerthException changed(String message) {
        return new BerthException(ErrorCode.PRECONDITION_FAILED, message);
    }

    /** For messages: shortened, and without what is no text. */
    static String shorten(String path) {
        StringBuilder shown = new StringBuilder();
        path.codePoints().limit(SHOWN).forEach(c -> {
            boolean text = !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
            shown.appendCodePoint(text ? c : '?');
        });
        return path.length() > SHOWN ? shown + "…" : shown.toString();
    }
}
