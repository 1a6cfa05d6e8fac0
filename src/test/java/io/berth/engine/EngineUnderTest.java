package io.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * An engine, the layers of an image with a small shell, and the commands in that image that do what the tests want done; and what
 * tests make with them, which goes at a test's end.
 */
public abstract class EngineUnderTest {

    protected static final int SIGTERM = 15;
    protected static final int SIGKILL = 9;
    protected static final Duration SOON = Duration.ofSeconds(20);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    protected final GroupId group = new GroupId("contract-" + NUMBER.incrementAndGet());
    protected final Map<ContainerId, Exit> exits = new ConcurrentHashMap<>();
    private final List<ContainerId> made = new ArrayList<>();
    protected final List<ProcessStream> opened = new ArrayList<>();

    /** The same engine throughout a test. */
    protected abstract ContainerEngine engine();

    protected abstract List<Path> layers();

    /** A command that runs until it is killed; SIGTERM's default action ends it or, as process 1, does not. */
    protected abstract List<String> sleepForever();

    protected abstract List<String> exitWith(int code);

    /** Writes the text and a line's end to standard output and ends with 0. */
    protected abstract List<String> echo(String text);

    /** The same to standard error. */
    protected abstract List<String> echoToStderr(String text);

    /** Copies its input to its output, and ends with 0 when the input ends. */
    protected abstract List<String> cat();

    /** Writes {@code bytes} bytes to standard output, without a pause, and ends with 0. */
    protected abstract List<String> flood(long bytes);

    /** Writes {@code rows columns} of its terminal and a line's end at every line of input. */
    protected abstract List<String> reportSize();

    /** Ends with the code when the signal comes, even as process 1; no other catchable signal ends it. */
    protected abstract List<String> exitOnSignal(int signal, int code);

    /** Makes an empty file, then ends with 0. */
    protected abstract List<String> touch(String path);

    @BeforeEach
    void makeGroup() {
        engine().onExit(exits::put);
        engine().ensureGroup(new GroupSpec(group, ResourceLimits.UNLIMITED));
    }

    @AfterEach
    void removeAll() {
        opened.forEach(ProcessStream::close);
        made.forEach(engine()::delete);
        engine().removeGroup(group);
    }

    protected final ContainerConfig config(List<String> args) {
        return config(args, false);
    }

    protected final ContainerConfig config(List<String> args, boolean stdin) {
        ContainerId id = new ContainerId("c" + NUMBER.incrementAndGet() + "-" + group);
        return ContainerConfigBuilder.of(id, group, process(args))
                .layers(layers())
                .stdin(stdin)
                .build();
    }

    protected static ContainerConfig with(ContainerConfig c, List<String> args) {
        return ContainerConfigBuilder.from(c).process(process(args)).build();
    }

    protected static List<String> env() {
        return List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }

    protected static ContainerConfig.ProcessConfig process(List<String> args) {
        return new ContainerConfig.ProcessConfig(args, env(), "/", null, false, null);
    }

    protected static ContainerConfig.ProcessConfig terminal(List<String> args) {
        return new ContainerConfig.ProcessConfig(args, env(), "/", null, true, null);
    }

    protected final CreatedContainer create(ContainerConfig config) {
        made.add(config.id());
        return engine().create(config);
    }

    protected final ContainerId create(List<String> args) {
        ContainerConfig config = config(args);
        create(config);
        return config.id();
    }

    protected final ContainerId run(List<String> args) {
        return run(args, false);
    }

    protected final ContainerId run(List<String> args, boolean stdin) {
        ContainerConfig config = config(args, stdin);
        create(config);
        engine().start(config.id());
        return config.id();
    }

    protected final ExecProcess exec(ContainerId id, List<String> args, boolean stdin, Received received) {
        ExecProcess exec = engine().exec(id, new ExecId("e" + NUMBER.incrementAndGet()), process(args), stdin);
        listen(exec, received);
        return exec;
    }

    protected final <S extends ProcessStream> S listen(S stream, Received received) {
        opened.add(stream);
        stream.listen(0, received);
        return stream;
    }

    protected static void send(ProcessStream stream, String text) {
        CompletionStage<Void> sent = stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        sent.toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    protected static Exit exitOf(ProcessStream stream) throws Exception {
        return stream.exit().toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    protected final Exit awaitExit(ContainerId id) {
        await().atMost(SOON).until(() -> engine().status(id).orElseThrow() instanceof ContainerStatus.Stopped);
        return ((ContainerStatus.Stopped) engine().status(id).orElseThrow()).exit();
    }

    protected static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
