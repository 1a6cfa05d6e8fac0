package io.berth.events;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes as many frames of a stream as it is told to, and no more until it is told again. */
final class FrameReader implements Flow.Subscriber<EventStream.Frame> {

    final List<EventStream.Frame> frames = new CopyOnWriteArrayList<>();

    private final long first;
    private volatile Flow.@Nullable Subscription subscription;

    FrameReader(long first) {
        this.first = first;
    }

    void more(long n) {
        Objects.requireNonNull(subscription).request(n);
    }

    /** The events among the frames; some frames have none. */
    List<Event> events() {
        return frames.stream()
                .flatMap(frame -> Stream.ofNullable(frame.event()))
                .toList();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(first);
    }

    @Override
    public void onNext(EventStream.Frame frame) {
        frames.add(frame);
    }

    @Override
    public void onError(Throwable failure) {
        throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {}
}
