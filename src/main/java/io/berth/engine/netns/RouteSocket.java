package io.berth.engine.netns;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Devices, addresses and routes of one network namespace, by rtnetlink(7): what ip(8) does, without starting it, which
 * costs more than the kernel's work. The kernel answers each request before the call that brought it returns, so nothing
 * waits. Thread-safe.
 *
 * @see <a href="https://docs.kernel.org/userspace-api/netlink/intro.html">Introduction to Netlink</a>
 */
final class RouteSocket implements AutoCloseable {

    private static final short ERROR = 2; // NLMSG_ERROR, with 0 for an acknowledgement
    /** What a device is told of fits several times. */
    private static final int ANSWER = 1 << 15;
    /** Answers have to fit into the socket's buffer. */
    private static final int MOST_AT_ONCE = 64;

    private final Syscalls syscalls;
    private final Path namespace;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER).order(ByteOrder.nativeOrder());
    private @Nullable Fd socket;
    private int sequence;

    /** @param namespace such as {@code /proc/self/ns/net}; looked at by the first request */
    RouteSocket(Syscalls syscalls, Path namespace) {
        this.syscalls = syscalls;
        this.namespace = namespace;
        answer.limit(0);
    }

    /**
     * Has every request carried out, in order, also those after one that fails.
     *
     * @throws ErrnoException for the first that failed
     */
    synchronized void run(List<RouteMessage> requests) throws IOException {
        ErrnoException failed = null;
        for (int from = 0; from < requests.size(); from += MOST_AT_ONCE) {
            List<RouteMessage> some = requests.subList(from, Math.min(requests.size(), from + MOST_AT_ONCE));
            int first = send(some);
            for (int i = 0; i < some.size(); i++) {
                try {
                    int unused = receive(some.get(i), first + i);
                } catch (ErrnoException e) {
                    failed = failed == null ? e : failed;
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** The number of a device, by which addresses and routes name it. */
    synchronized int index(String device) throws IOException {
        RouteMessage request = RouteMessage.getLink(device);
        return receive(request, send(List.of(request)));
    }

    /** A later request opens it again. */
    @Override
    public synchronized void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    /** Returns the first one's number. */
    private int send(List<RouteMessage> requests) throws IOException {
        Fd open = open();
        int first = sequence + 1;
        ByteBuffer all = ByteBuffer.allocateDirect(requests.stream()
                .mapToInt(request -> request.bytes(0).remaining())
                .sum());
        requests.forEach(request -> all.put(request.bytes(++sequence)));
        all.flip();
        if (syscalls.write(open, all) < 0 || all.hasRemaining()) {
            throw new IOException(
                    "the kernel did not take the request to " + requests.get(0).what());
        }
        return first;
    }

    private Fd open() throws IOException {
        Fd open = socket;
        if (open == null) {
            AtomicReference<Fd> made = new AtomicReference<>();
            syscalls.inNetworkNamespace(namespace, () -> made.set(syscalls.routeSocket()));
            open = Objects.requireNonNull(made.get());
            socket = open;
        }
        return open;
    }

    /** Takes what the kernel says up to the request's acknowledgement. Returns the number of the device it told of, or 0. */
    private int receive(RouteMessage request, int number) throws IOException {
        int device = 0;
        while (true) {
            if (!answer.hasRemaining()) {
                fill(request);
            }
            int start = answer.position();
            int length = answer.getInt(start);
            boolean own = answer.getInt(start + 8) == number;
            short type = answer.getShort(start + 4);
            int body = start + RouteMessage.HEADER;
            answer.position(Math.min(answer.limit(), start + (length + 3 & ~3)));
            if (own && type == RouteMessage.NEW_LINK) {
                device = answer.getInt(body + 4);
            } else if (own && type == ERROR) {
                int error = -answer.getInt(body);
                if (error != 0) {
                    throw ErrnoException.of(request.what(), error);
                }
                return device;
            }
        }
    }

    private void fill(RouteMessage request) throws IOException {
        answer.clear();
        int count;
        try {
            count = syscalls.read(Objects.requireNonNull(socket), answer);
        } finally {
            answer.flip(); // after a failure, too: what an earlier request left there is no answer
        }
        if (count <= 0) {
            throw new IOException("the kernel gave no answer to the request to " + request.what());
        }
    }
}
