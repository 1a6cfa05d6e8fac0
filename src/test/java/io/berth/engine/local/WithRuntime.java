package io.berth.engine.local;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInfo;

/** The runtime that the containers of a test class run under, instead of crun. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface WithRuntime {

    /** Name of the program. */
    String value();

    /** The default options, with the runtime that the class wants. */
    final class Choice {

        private Choice() {}

        static LocalEngineOptions of(TestInfo test) {
            LocalEngineOptions defaults = LocalEngineOptions.defaults();
            WithRuntime wanted = test.getTestClass().orElseThrow().getAnnotation(WithRuntime.class);
            if (wanted == null) {
                return defaults;
            }
            return new LocalEngineOptions(
                    wanted.value(),
                    defaults.conmon(),
                    defaults.init(),
                    defaults.network(),
                    defaults.resolvers(),
                    defaults.procRoot(),
                    defaults.sysRoot());
        }
    }
}
