package io.berth.engine.syscall;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every system call, and can fail the nth of a name. With a delegate the others really happen; without one they
 * succeed and do nothing.
 */
public final class RecordingSyscalls {

    /** A call that was made; descriptors are closed or not as they were then. */
    public record Call(String name, List<@Nullable Object> arguments) {

        @Override
        public String toString() {
            return name + arguments;
        }
    }

    private record Failure(int nth, String errno) {}

    private final @Nullable Syscalls delegate;
    private final Syscalls syscalls;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<FakeFd> opened = new CopyOnWriteArrayList<>();
    private final Map<String, Failure> failures = new HashMap<>();
    private final Map<String, AtomicInteger> counts = new HashMap<>();
    private final AtomicInteger numbers = new AtomicInteger(1000);

    private RecordingSyscalls(@Nullable Syscalls delegate) {
        this.delegate = delegate;
        InvocationHandler handler = this::invoke;
        this.syscalls = (Syscalls)
                Proxy.newProxyInstance(Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, handler);
    }

    /** Calls that do nothing. */
    public static RecordingSyscalls idle() {
        return new RecordingSyscalls(null);
    }

    public static RecordingSyscalls of(Syscalls delegate) {
        return new RecordingSyscalls(delegate);
    }

    /** What the code under test gets. */
    public Syscalls syscalls() {
        return syscalls;
    }

    /** Makes the nth call from the first on (1 is the first) fail, once. */
    public synchronized RecordingSyscalls fail(String name, int nth, String errno) {
        if (Arrays.stream(Syscalls.class.getMethods())
                .noneMatch(method -> method.getName().equals(name))) {
            throw new IllegalArgumentException("no such system call: " + name);
        }
        failures.put(name, new Failure(nth, errno));
        return this;
    }

    /** Makes the next call of a name but {@code others} fail, once. */
    public synchronized RecordingSyscalls failAfter(int others, String name, String errno) {
        return fail(name, calls(name).size() + others + 1, errno);
    }

    /** Takes back what was told and has not happened. */
    public synchronized void failNoMore() {
        failures.clear();
    }

    /** Whether a call is still to fail. */
    public synchronized boolean isToFail() {
        return !failures.isEmpty();
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String name) {
        return calls.stream().filter(call -> call.name().equals(name)).toList();
    }

    /** How many descriptors this double made up that nobody has closed. */
    public long openDescriptors() {
        return opened.stream().filter(fd -> !fd.closed.get()).count();
    }

    private @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "RecordingSyscalls";
            };
        }
        if (method.isDefault()) { // it calls another of its name, which counts
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        String name = method.getName();
        calls.add(new Call(name, arguments == null ? List.of() : Arrays.asList(arguments.clone())));
        failIfTold(name);
        if (delegate == null) {
            return answer(method.getReturnType());
        }
        try {
            return method.invoke(delegate, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private synchronized void failIfTold(String name) throws ErrnoException {
        int count = counts.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
        Failure failure = failures.get(name);
        if (failure != null && failure.nth() == count) {
            failures.remove(name);
            throw new ErrnoException(name, failure.errno(), "told to fail");
        }
    }

    private @Nullable Object answer(Class<?> type) {
        if (type == Fd.class) {
            return descriptor();
        } else if (type == Fd[].class) {
            return new Fd[] {descriptor(), descriptor()};
        } else if (type == int.class) {
            return 0;
        } else if (type == long.class) {
            return 0L;
        } else if (type == String.class) {
            return "";
        } else if (type == List.class) {
            return List.of();
        } else if (type == FileStat.class) {
            return new FileStat(0040755, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0);
        }
        return null;
    }

    private Fd descriptor() {
        FakeFd fd = new FakeFd(numbers.getAndIncrement());
        opened.add(fd);
        return fd;
    }

    private record FakeFd(int value, AtomicBoolean closed) implements Fd {

        FakeFd(int value) {
            this(value, new AtomicBoolean());
        }

        @Override
        public int number() {
            if (closed.get()) {
                throw new IllegalStateException("the descriptor is closed");
            }
            return value;
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
