package io.berth.api.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.json.StrictJson;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import jakarta.ws.rs.WebApplicationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailuresTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void keepsHostPathsToItself(Reason reason) {
        Problem problem = Failures.toProblem(new EngineException(reason, "open /srv/secret/place: EACCES"));
        assertThat(problem.detail()).doesNotContain("/srv").isNotBlank();
    }

    @Test
    void tellsNothingOfWhatItDoesNotExpect() {
        Problem problem = Failures.toProblem(new CompletionException(new IllegalStateException("password=x")));
        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.detail()).doesNotContain("password");
    }

    @ParameterizedTest
    @CsvSource({
        "404,not-found",
        "405,method-not-allowed",
        "406,not-acceptable",
        "415,unsupported-media-type",
        "418,bad-request"
    })
    void namesTheRefusalsOfTheRestLayer(int status, String code) {
        assertThat(Failures.toProblem(new WebApplicationException(status)).code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"type\":\"a\",\"type\":\"b\"}', the field 'type' is given twice at line 1",
        "'{\"errors\":[{\"pointer\":\"/a\",\"pointer\":\"/b\"}]}', the field 'pointer' is given twice",
        "'{\"type\":', the body is not valid JSON at line 1"
    })
    void saysWhatIsWrongWithTheJson(String body, String message) {
        ObjectMapper json = StrictJson.configure(new ObjectMapper());
        Throwable failure = catchThrowable(() -> json.readValue(body, Problem.class));
        assertThat(Failures.toProblem(failure).detail()).contains(message);
        assertThat(Failures.toProblem(failure).status()).isEqualTo(400);
    }

    @Test
    void writesTheMembersOfTheStandardAndLeavesEmptyOnesOut() throws Exception {
        ObjectMapper json = StrictJson.configure(new ObjectMapper());
        var tree = json.valueToTree(
                Failures.toProblem(new EngineException(Reason.NO_SPACE, "x")).of("/api/v1/me", "req_1"));
        assertThat(tree.toString())
                .contains("\"type\":\"urn:berth:problem:no-space\"", "\"status\":507", "\"retryable\":true")
                .contains("\"instance\":\"/api/v1/me\"", "\"requestId\":\"req_1\"")
                .doesNotContain("errors", "extensions");
    }
}
