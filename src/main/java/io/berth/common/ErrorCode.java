package io.berth.common;

import java.util.Locale;

/** Stable names of everything that can go wrong for a client, with the HTTP status each is answered with. */
public enum ErrorCode {
    BAD_REQUEST(400, "Bad request"),
    VALIDATION_FAILED(400, "The request has bad fields"),
    UNKNOWN_FIELD(400, "Unknown field"),
    INVALID_CURSOR(400, "Not a cursor of this list"),
    UNAUTHENTICATED(401, "Authentication required"),
    FORBIDDEN(403, "Not allowed"),
    NOT_FOUND(404, "Not found"),
    SIGN_IN_FAILED(403, "Signing in did not work"),
    CROSS_SITE(403, "Not from this site"),
    TENANT_SUSPENDED(403, "The tenant is suspended"),
    TENANT_NOT_FOUND(404, "No such tenant"),
    CONTAINER_NOT_FOUND(404, "No such container"),
    EXEC_NOT_FOUND(404, "No such exec"),
    IMAGE_NOT_FOUND(404, "No such image"),
    OPERATION_NOT_FOUND(404, "No such operation"),
    TOKEN_NOT_FOUND(404, "No such token"),
    ACCOUNT_NOT_FOUND(404, "No such user"),
    MEMBER_NOT_FOUND(404, "No such member"),
    SESSION_NOT_FOUND(404, "No such session"),
    FILE_NOT_FOUND(404, "No such file"),
    WEBHOOK_NOT_FOUND(404, "No such webhook"),
    DELIVERY_NOT_FOUND(404, "No such delivery"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Not acceptable"),
    REQUEST_TIMEOUT(408, "The request did not arrive in time"),
    NAME_TAKEN(409, "The name is taken"),
    TENANT_BEING_DELETED(409, "The tenant is being deleted"),
    WRONG_STATE(409, "Not possible in this state"),
    LAST_OWNER(409, "The tenant would have no owner"),
    TOO_MANY_TOKENS(409, "There are too many tokens"),
    IMAGE_IN_USE(409, "The image is in use"),
    FILE_EXISTS(409, "The file is there already"),
    NOT_A_FILE(409, "Not a regular file"),
    NOT_A_DIRECTORY(409, "Not a directory"),
    DIRECTORY_NOT_EMPTY(409, "The directory is not empty"),
    FILE_SYSTEM_READ_ONLY(409, "The file system is read-only"),
    FILE_IN_USE(409, "The file is in use"),
    FILE_NOT_MOVABLE(409, "It cannot be moved there"),
    FILE_OUT_OF_REACH(409, "Not among the container's own files"),
    IDEMPOTENCY_IN_FLIGHT(409, "The first request with this key is still running"),
    SIGN_IN_LINK_SPENT(410, "The sign-in link is not good"),
    TOO_OLD(410, "No longer kept"),
    PRECONDITION_FAILED(412, "It was changed meanwhile"),
    TOO_LARGE(413, "Too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    RANGE_NOT_SATISFIABLE(416, "Range not satisfiable"),
    IDEMPOTENCY_MISMATCH(422, "The key was used for another request"),
    COMMAND_NOT_FOUND(422, "The command cannot be run"),
    USER_NOT_FOUND(422, "No such user in the image"),
    INVALID_ARCHIVE(422, "Not a usable archive"),
    INVALID_IMAGE(422, "Not a usable image"),
    DIGEST_MISMATCH(422, "The content does not match its digest"),
    REGISTRY_ADDRESS_REFUSED(422, "The registry's address is not allowed"),
    WEBHOOK_ADDRESS_REFUSED(422, "The webhook's address is not allowed"),
    QUOTA_EXCEEDED(403, "Quota exceeded"),
    UPGRADE_REQUIRED(426, "Only as a WebSocket"),
    PRECONDITION_REQUIRED(428, "If-Match is required"),
    RATE_LIMITED(429, "Too many requests"),
    INTERNAL(500, "Internal error"),
    SECRET_UNREADABLE(500, "A stored secret cannot be opened"),
    REGISTRY_FAILED(502, "The registry failed"),
    HOST_INCOMPLETE(503, "The host lacks something Berth needs"),
    UNAVAILABLE(503, "Not available now"),
    DEADLINE_EXCEEDED(504, "It took too long"),
    NO_SPACE(507, "No space left");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** As it stands in a problem document: {@code container-not-found}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
