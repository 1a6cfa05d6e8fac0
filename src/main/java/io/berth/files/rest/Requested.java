package io.berth.files.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.http.RequestDetails;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerHandle;
import io.berth.containers.ContainerLookup;
import io.berth.engine.FilePath;
import io.berth.files.ByteStream;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the resources for files have in common: who asks for which container, and what is said of it in the audit. */
@ApplicationScoped
class Requested {

    /** What the audit keeps of a detail. */
    private static final int MOST_AUDITED = 250;

    private static final int END_AUDITED = 150;

    private final ContainerLookup containers;
    private final Access access;
    private final CurrentVertxRequest current;

    Requested(ContainerLookup containers, Access access, CurrentVertxRequest current) {
        this.containers = containers;
        this.access = access;
        this.current = current;
    }

    /** For names and what is said of files, which whoever sees the container may see. */
    ContainerHandle toLook(String tenant, String container) {
        return containers.get(access.require(tenant, Permission.CONTAINERS_READ), container);
    }

    /** For content, which may be secret, and for every change: who may do so could run a command for it as well. */
    ContainerHandle toWork(String tenant, String container) {
        return containers.get(access.require(tenant, Permission.EXEC), container);
    }

    /** A path of the query, noted for the audit. */
    FilePath path(@Nullable String text) {
        return path("?path", "path", text);
    }

    /** @param pointer names the field in the answer; {@code detail} names it in the audit */
    FilePath path(String pointer, String detail, @Nullable String text) {
        FilePath path = FileParameters.path(pointer, text);
        RequestDetails.add(context(), detail, audited(path.value()));
        return path;
    }

    /** Of a long one both ends: a container can put its files as deep as it likes, and the name is what tells. */
    static String audited(String path) {
        return path.length() <= MOST_AUDITED
                ? path
                : path.substring(0, MOST_AUDITED - END_AUDITED - 1) + "…" + path.substring(path.length() - END_AUDITED);
    }

    RoutingContext context() {
        return current.getCurrent();
    }

    /** A header that is a list, which may come in several lines. */
    @Nullable
    String list(String header) {
        List<String> lines = context().request().headers().getAll(header);
        return lines.isEmpty() ? null : String.join(",", lines);
    }

    /** Only then a range means something (RFC 9110 §14.2). */
    boolean isGet() {
        return context().request().method() == HttpMethod.GET;
    }

    /** Bytes of the body as they are announced, -1 if they are not. */
    long announced() {
        String length = context().request().getHeader("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The stream is closed when the request ends, however it does: a client may leave before anything is sent. */
    <T extends ByteStream> T closing(T stream) {
        return closing(context(), stream);
    }

    static <T extends ByteStream> T closing(RoutingContext context, T stream) {
        context.addEndHandler(ended -> Infrastructure.getDefaultWorkerPool().execute(stream::close));
        if (context.response().closed()) { // it went before, and nobody calls the handler any more
            stream.close();
            throw new BerthException(ErrorCode.UNAVAILABLE, "the client has gone");
        }
        return stream;
    }

    static <T> T required(@Nullable T body) {
        if (body == null) {
            throw new BerthException(ErrorCode.BAD_REQUEST, "this needs a JSON body");
        }
        return body;
    }
}
