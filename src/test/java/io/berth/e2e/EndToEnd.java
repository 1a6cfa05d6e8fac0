package io.berth.e2e;

import io.berth.testing.RequiresProgram;
import io.berth.testing.RequiresRoot;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The test drives the packaged server; a constructor parameter of {@link ServerProcess} is the one all such tests share. One such
 * class after another runs, beside the tests that are not: most of the time both wait for something.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("end-to-end")
@RequiresRoot
@RequiresProgram({"crun", "conmon", "ip", "nft", "busybox"})
@ExtendWith(SharedServer.class)
@interface EndToEnd {}
