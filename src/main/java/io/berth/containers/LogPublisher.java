package io.berth.containers;

import io.berth.engine.LogEntry;
import io.berth.engine.LogReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A container's log as a stream of batches, read only as fast as the subscriber asks: a slow or absent client costs one batch.
 * Ends when it has caught up and nothing more will come.
 */
final class LogPublisher implements Flow.Publisher<List<LogEntry>> {

    private static final int BATCH = 256;

    private final LogReader reader;
    private final CompletableFuture<?> end;
    private final Executor executor;

    /**
     * @param end completes when no new lines are to be waited for; cancelled when the subscriber loses interest
     * @param executor where the log is read
     */
    LogPublisher(LogReader reader, CompletableFuture<?> end, Executor executor) {
        this.reader = reader;
        this.end = end;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super List<LogEntry>> subscriber) {
        Reading reading = new Reading(subscriber);
        subscriber.onSubscribe(reading);
        end.whenComplete((any, failure) -> {
            reading.ended = true;
            reading.schedule();
        });
    }

    private final class Reading implements Flow.Subscription {

        private final Flow.Subscriber<? super List<LogEntry>> subscriber;
        private final AtomicLong demand = new AtomicLong();
        /** Calls of {@link #schedule} not yet served; whoever raises it from 0 runs. */
        private final AtomicInteger work = new AtomicInteger();

        private volatile boolean ended;
        private volatile boolean cancelled;
        private boolean closed;

        Reading(Flow.Subscriber<? super List<LogEntry>> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            demand.accumulateAndGet(n, (old, more) -> old + more < 0 ? Long.MAX_VALUE : old + more);
            schedule();
        }

        @Override
        public void cancel() {
            cancelled = true;
            schedule();
        }

        void schedule() {
            if (work.getAndIncrement() == 0) {
                executor.execute(this::run);
            }
        }

        private void run() {
            int served;
            do {
                served = work.get();
                step();
            } while (work.addAndGet(-served) > 0);
        }

        private void step() {
            try {
                while (!closed && !cancelled && demand.get() > 0 && deliver()) {
                    demand.decrementAndGet();
                }
            } catch (IOException | RuntimeException e) {
                close();
                subscriber.onError(e);
            }
            if (cancelled) {
                close();
            }
        }

        /** Delivers a batch if there is one; completes if there will be none. */
        private boolean deliver() throws IOException {
            // read before the log is: what came before the end is then in the log
            boolean last = ended;
            List<LogEntry> batch = reader.next(BATCH);
            if (!batch.isEmpty()) {
                subscriber.onNext(batch);
                return true;
            }
            if (last) {
                close();
                subscriber.onComplete();
            } else {
                reader.onMore(this::schedule);
            }
            return false;
        }

        private void close() {
            if (!closed) {
                closed = true;
                end.cancel(false);
                reader.close();
            }
        }
    }
}
