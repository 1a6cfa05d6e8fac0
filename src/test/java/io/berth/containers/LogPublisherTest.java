package io.berth.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.LogEntry;
import io.berth.engine.LogReader;
import io.berth.engine.OutputStreamKind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogPublisherTest {

    private final Lines log = new Lines();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Client client = new Client();

    @Test
    void readsOnlyAsMuchAsIsAskedFor() {
        log.add("a", "b", "c");
        open();
        assertThat(client.lines).isEmpty();
        client.subscription().request(1);
        assertThat(client.lines).containsExactly("a");
        client.subscription().request(1);
        assertThat(client.lines).containsExactly("a", "b");
    }

    @Test
    void deliversLinesThatComeLater() {
        open();
        client.subscription().request(10);
        log.add("late");
        log.wake();
        assertThat(client.lines).containsExactly("late");
        assertThat(client.completed).isFalse();
    }

    @Test
    void endsAfterTheLastLineOnceTheContainerHasEnded() {
        open();
        client.subscription().request(10);
        log.add("last words");
        end.complete(null);
        assertThat(client.lines).containsExactly("last words");
        assertThat(client.completed).isTrue();
        assertThat(log.closed).isTrue();
    }

    @Test
    void letsGoOfTheLogWhenTheClientLeaves() {
        open();
        client.subscription().request(1);
        client.subscription().cancel();
        assertThat(log.closed).isTrue();
        assertThat(end).isCancelled();
        assertThat(client.completed).isFalse();
    }

    private void open() {
        new LogPublisher(log, end, Runnable::run).subscribe(client);
    }

    /** Gives one line at a time. */
    private static final class Lines implements LogReader {
        private final Deque<String> lines = new ArrayDeque<>();
        private @Nullable Runnable callback;
        private boolean closed;

        void add(String... more) {
            lines.addAll(List.of(more));
        }

        void wake() {
            Objects.requireNonNull(callback).run();
        }

        @Override
        public List<LogEntry> next(int limit) {
            String line = lines.poll();
            return line == null
                    ? List.of()
                    : List.of(new LogEntry("c", Instant.EPOCH, OutputStreamKind.STDOUT, line.getBytes(UTF_8), true));
        }

        @Override
        public void onMore(Runnable more) {
            callback = more;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Client implements Flow.Subscriber<List<LogEntry>> {
        private final List<String> lines = new ArrayList<>();
        private Flow.@Nullable Subscription subscription;
        private boolean completed;

        Flow.Subscription subscription() {
            return Objects.requireNonNull(subscription);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(List<LogEntry> batch) {
            batch.forEach(entry -> lines.add(new String(entry.text(), UTF_8)));
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            completed = true;
        }
    }
}
