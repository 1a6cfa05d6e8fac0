package io.berth.audit.rest;

import io.berth.api.auth.Access;
import io.berth.audit.AuditReader;
import io.berth.audit.ChainHead;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** The audit of the whole platform, for its administrators. */
@Path("/api/v1/audit")
@Blocking
public class AuditResource {

    private final AuditAnswers answers;
    private final AuditReader audit;
    private final Access access;

    AuditResource(AuditAnswers answers, AuditReader audit, Access access) {
        this.answers = answers;
        this.audit = audit;
        this.access = access;
    }

    /** The chain's end. */
    public record HeadView(long seq, String hash, String head) {}

    @GET
    @Produces({MediaType.APPLICATION_JSON, AuditAnswers.NDJSON})
    public Response list(
            @BeanParam AuditParameters parameters,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        access.requireAdmin();
        return answers.answer(parameters.query(null, null), cursor, limit, uri, headers);
    }

    @GET
    @Path("head")
    @Produces(MediaType.APPLICATION_JSON)
    public HeadView head() {
        access.requireAdmin();
        ChainHead head = audit.head();
        return new HeadView(head.seq(), head.hex(), head.toString());
    }
}
