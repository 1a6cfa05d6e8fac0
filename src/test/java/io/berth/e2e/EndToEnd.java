package io.berth.e2e;

import io.berth.testing.RequiresProgram;
import io.berth.testing.RequiresRoot;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test drives the packaged server; a constructor parameter of {@link ServerProcess} is the one all such tests share. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@RequiresRoot
@RequiresProgram({"crun", "conmon", "ip", "nft", "busybox"})
@ExtendWith(SharedServer.class)
@interface EndToEnd {}
