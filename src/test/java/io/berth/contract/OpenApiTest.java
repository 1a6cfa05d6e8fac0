package io.berth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keeps {@code openapi.yaml} equal to what is served: every path and method, media type and query parameter, in both directions. */
class OpenApiTest {

    private static final String CONTAINER = "/api/v1/tenants/{tenant}/containers/{container}";

    /** WebSockets are not JAX-RS; {@code AttachRoutes} serves them. */
    private static final Set<String> STREAMS =
            Set.of("GET " + CONTAINER + "/attach", "GET " + CONTAINER + "/execs/{exec}/attach");

    private final Contract contract = Contract.read();
    private final Map<String, Served> served = served();

    /** Is read to be refused: there is one sum for each tenant. */
    private static final String REFUSED = "GET /api/v1/usage groupBy";

    private record Served(Set<String> produced, Set<String> consumed, Set<String> query) {}

    @Test
    void describesEverythingThatIsServed() {
        assertThat(contract.operations()).containsAll(served.keySet());
    }

    @Test
    void promisesNothingThatIsNotServed() {
        Set<String> promised = new TreeSet<>(contract.operations());
        promised.removeAll(STREAMS);
        assertThat(served.keySet()).containsAll(promised);
    }

    @Test
    void namesTheMediaTypesOfAnswersAndBodies() {
        served.forEach((operation, types) -> {
            Set<String> produced = contract.produced(operation);
            if (!produced.isEmpty()) {
                assertThat(produced).as(operation).isEqualTo(types.produced());
            }
            Set<String> consumed = contract.consumed(operation);
            if (!consumed.isEmpty()) {
                assertThat(consumed).as(operation).isEqualTo(types.consumed());
            }
        });
    }

    @Test
    void namesTheQueryParameters() {
        served.forEach((operation, types) -> {
            Set<String> read = new TreeSet<>(types.query());
            read.removeIf(name -> (operation + " " + name).equals(REFUSED));
            assertThat(contract.queryParameters(operation)).as(operation).isEqualTo(read);
        });
    }

    @Test
    void showsOfEachJsonAnswerAnExampleThatKeepsToItsSchema() {
        ContractValidator validator = new ContractValidator();
        for (String operation : contract.operations()) {
            String[] request = operation.split(" ", 2);
            contract.exampleAnswers(operation).forEach((status, examples) -> {
                assertThat(examples)
                        .as("examples of %d of %s", status, operation)
                        .isNotEmpty();
                examples.forEach(example ->
                        validator.check(request[0], request[1], status, "application/json", example.toString()));
            });
        }
    }

    private static Map<String, Served> served() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.berth");
        Map<String, Served> operations = new TreeMap<>();
        for (JavaClass type : classes) {
            if (type.isAnnotatedWith(Path.class)) {
                Arrays.stream(type.reflect().getDeclaredMethods())
                        .forEach(method -> add(operations, type.reflect(), method));
            }
        }
        return operations;
    }

    private static void add(Map<String, Served> operations, Class<?> resource, Method method) {
        Optional<String> verb = Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .map(type -> type.getAnnotation(HttpMethod.class))
                .filter(found -> found != null)
                .map(HttpMethod::value)
                .findFirst();
        if (verb.isEmpty()) {
            return;
        }
        Served types = operations.computeIfAbsent(
                verb.get() + " " + path(resource.getAnnotation(Path.class), method.getAnnotation(Path.class)),
                operation -> new Served(new TreeSet<>(), new TreeSet<>(), new TreeSet<>()));
        for (Parameter parameter : method.getParameters()) {
            addQuery(types.query(), parameter);
            if (parameter.isAnnotationPresent(BeanParam.class)) {
                Arrays.stream(parameter.getType().getDeclaredFields()).forEach(field -> addQuery(types.query(), field));
            }
        }
        Produces produces = first(method.getAnnotation(Produces.class), resource.getAnnotation(Produces.class));
        Consumes consumes = first(method.getAnnotation(Consumes.class), resource.getAnnotation(Consumes.class));
        if (produces != null) {
            types.produced().addAll(Set.of(produces.value()));
        }
        if (consumes != null) {
            types.consumed().addAll(Set.of(consumes.value()));
        }
    }

    private static void addQuery(Set<String> names, AnnotatedElement place) {
        QueryParam query = place.getAnnotation(QueryParam.class);
        if (query != null) {
            names.add(query.value());
        }
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one != null ? one : other;
    }

    private static String path(Path resource, @Nullable Path method) {
        String whole = "/" + resource.value() + (method == null ? "" : "/" + method.value());
        return whole.replaceAll("/+", "/").replaceAll("\\{\\s*(\\w+)\\s*:[^}]*}", "{$1}");
    }
}
