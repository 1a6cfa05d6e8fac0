package io.berth;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layers of ARCHITECTURE.md, kept true. */
class ArchitectureTest {

    private static final JavaClasses BERTH = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.berth");

    @Test
    void importsTheWholeApplication() {
        assertThat(BERTH.size()).isGreaterThan(50);
    }

    @Test
    void settingsHaveNoConstraints() {
        check(noClasses()
                .that()
                .areAnnotatedWith("io.smallrye.config.ConfigMapping")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.validation..")
                .because("one of them makes every start build a second validator: see WholeNumber"));
    }

    @Test
    void engineKnowsNothingAboveIt() {
        check(noClasses()
                .that()
                .resideInAPackage("io.berth.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.berth.api..",
                        "io.berth.tenants..",
                        "io.berth.containers..",
                        "io.berth.images..",
                        "io.berth.terminal..",
                        "io.berth.operations..",
                        "jakarta.ws.rs..",
                        "jakarta.persistence..",
                        "org.hibernate..",
                        "io.quarkus.rest..",
                        "org.jboss.resteasy..",
                        "io.quarkus.hibernate..",
                        "io.vertx..")
                .because("it receives paths and limits, and could be a module of its own"));
    }

    @Test
    void onlyTheNativeSeamUsesJnr() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.berth.engine.syscall..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai.jffi.."));
    }

    @Test
    void entitiesStayInTheStore() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("..store..")
                .should()
                .beAnnotatedWith("jakarta.persistence.Entity")
                .orShould()
                .dependOnClassesThat()
                .areAnnotatedWith("jakarta.persistence.Entity")
                .because("services speak in domain types"));
    }

    @Test
    void restUsesServicesAndNotRepositories() {
        check(noClasses()
                .that()
                .resideInAPackage("..rest..")
                .should()
                .dependOnClassesThat(resideInAPackage("..store..").or(simpleNameEndingWith("Repository"))));
    }

    @Test
    void nothingCallsUpwardIntoRest() {
        check(noClasses()
                .that()
                .resideInAPackage("io.berth..")
                .and()
                .resideOutsideOfPackage("..rest..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.berth..rest.."));
    }

    @Test
    void featuresHaveNoCycles() {
        check(slices().assignedFrom(new Features()).should().beFreeOfCycles());
    }

    /** A feature's resources are above all features, and nothing may call them: they count as a slice of their own. */
    private static final class Features implements SliceAssignment {

        private static final Pattern FEATURE = Pattern.compile("io\\.berth\\.(\\w+)(\\..*)?");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            Matcher feature = FEATURE.matcher(type.getPackageName());
            if (!feature.matches()) {
                return SliceIdentifier.ignore();
            }
            boolean resource = type.getPackageName().endsWith(".rest");
            return SliceIdentifier.of(feature.group(1) + (resource ? ".rest" : ""));
        }

        @Override
        public String getDescription() {
            return "features, and the resources above them";
        }
    }

    @Test
    void commonKnowsNoFeature() {
        check(classes()
                .that()
                .resideInAPackage("io.berth.common..")
                .should()
                .onlyDependOnClassesThat(resideInAPackage("io.berth.common..")
                        .or(DescribedPredicate.not(resideInAPackage("io.berth..")))));
    }

    @Test
    void oneLoggerForAll() {
        check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    }

    @Test
    void everyPackageIsNullMarked() throws Exception {
        Path sources = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> unmarked = files.filter(Files::isDirectory)
                    .filter(ArchitectureTest::holdsSources)
                    .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
                    .toList();
            assertThat(unmarked).isEmpty();
        }
    }

    private static boolean holdsSources(Path directory) {
        String[] sources = directory.toFile().list((parent, name) -> name.endsWith(".java"));
        return sources != null && sources.length > 0;
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(BERTH);
    }
}
