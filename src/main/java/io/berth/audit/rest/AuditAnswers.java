package io.berth.audit.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.audit.AuditQuery;
import io.berth.audit.AuditReader;
import io.berth.audit.ChainedEntry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries as a page, or all of them as JSON lines. */
@ApplicationScoped
class AuditAnswers {

    static final String NDJSON = "application/x-ndjson";

    private static final MediaType LINES = MediaType.valueOf(NDJSON);

    private final AuditReader audit;
    private final ObjectWriter lines;

    AuditAnswers(AuditReader audit, ObjectMapper mapper) {
        this.audit = audit;
        this.lines = mapper.writerFor(AuditView.class);
    }

    /** JSON unless the client would rather have JSON lines. */
    Response answer(
            AuditQuery query, @Nullable String cursor, @Nullable Integer limit, UriInfo uri, HttpHeaders headers) {
        if (prefersLines(headers)) {
            PageRequest page = PageRequest.of(cursor, null);
            StreamingOutput all = output -> audit.export(query, page, entries -> write(entries, output));
            return Response.ok(all).type(NDJSON).build();
        }
        Response page =
                Pages.respond(audit.page(query, PageRequest.of(cursor, limit)).map(AuditView::of), uri);
        return Response.fromResponse(page).type(MediaType.APPLICATION_JSON).build();
    }

    private static boolean prefersLines(HttpHeaders headers) {
        for (MediaType accepted : headers.getAcceptableMediaTypes()) {
            if (accepted.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return false;
            }
            if (accepted.isCompatible(LINES)) {
                return true;
            }
        }
        return false;
    }

    private void write(List<ChainedEntry> entries, OutputStream output) {
        try {
            for (ChainedEntry entry : entries) {
                output.write(lines.writeValueAsBytes(AuditView.of(entry)));
                output.write('\n');
            }
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
