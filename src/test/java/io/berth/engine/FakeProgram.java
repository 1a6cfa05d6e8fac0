package io.berth.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a process of a {@link FakeEngine} does. Every method is called on the engine's loop. */
interface FakeProgram {

    default void start(FakeProcess process) {}

    default void input(FakeProcess process, byte[] bytes) {}

    default void inputEnded(FakeProcess process) {}

    /** A signal it could catch came. */
    default void signal(FakeProcess process, int signal) {
        process.end(128 + signal);
    }

    /** There is room for output again. */
    default void room(FakeProcess process) {}

    /**
     * The program of that name: {@code sleep}, {@code exit <code>}, {@code echo <words>}, {@code err <words>} (to stderr),
     * {@code cat}, {@code flood <bytes>}, {@code size} (prints rows and columns at each line of input), {@code trap <signal>
     * <code>} (exits so at that signal, ignores others), {@code touch <path>}, {@code sh} (runs each line of its input),
     * {@code sh -c <one of these>}.
     */
    static Optional<FakeProgram> of(List<String> args) {
        String name = args.get(0).substring(args.get(0).lastIndexOf('/') + 1);
        List<String> rest = args.subList(1, args.size());
        return Optional.ofNullable(
                switch (name) {
                    case "sleep" -> new FakeProgram() {};
                    case "exit", "true", "false" -> exit(name, rest);
                    case "echo" -> print(OutputStreamKind.STDOUT, rest);
                    case "err" -> print(OutputStreamKind.STDERR, rest);
                    case "cat" -> new Cat();
                    case "flood" -> new Flood(Long.parseLong(rest.get(0)));
                    case "alternate" -> alternate(Integer.parseInt(rest.get(0)));
                    case "size" -> new Lines((process, line) -> process.print(process.sizeText() + "\n"));
                    case "trap" -> new Trap(Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
                    case "touch" -> touch(rest.get(0));
                    case "sh" ->
                        rest.isEmpty()
                                ? new Lines(FakeProgram::runLine)
                                : of(List.of(rest.get(1).split(" "))).orElse(exit("exit", List.of("127")));
                    default -> null;
                });
    }

    private static FakeProgram exit(String name, List<String> rest) {
        int code = "false".equals(name) ? 1 : rest.isEmpty() ? 0 : Integer.parseInt(rest.get(0));
        return new FakeProgram() {
            @Override
            public void start(FakeProcess process) {
                process.end(code);
            }
        };
    }

    private static FakeProgram print(OutputStreamKind kind, List<String> words) {
        return new FakeProgram() {
            @Override
            public void start(FakeProcess process) {
                process.output(kind, (String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
                process.end(0);
            }
        };
    }

    /** Writes single bytes, in turn to one stream and the other. */
    private static FakeProgram alternate(int times) {
        return new FakeProgram() {
            @Override
            public void start(FakeProcess process) {
                for (int i = 0; i < times; i++) {
                    process.output(OutputStreamKind.STDOUT, new byte[] {'o'});
                    process.output(OutputStreamKind.STDERR, new byte[] {'e'});
                }
                process.end(0);
            }
        };
    }

    private static FakeProgram touch(String path) {
        return new FakeProgram() {
            @Override
            public void start(FakeProcess process) {
                process.touch(path);
                process.end(0);
            }
        };
    }

    private static void runLine(FakeProcess process, String line) {
        if (line.isBlank()) {
            return;
        }
        String[] words = line.split(" ");
        switch (words[0]) {
            case "exit" -> process.end(words.length > 1 ? Integer.parseInt(words[1]) : 0);
            case "echo" -> process.print(line.substring(Math.min(line.length(), 5)) + "\n");
            default -> process.print("sh: " + words[0] + ": not found\n");
        }
    }

    /** Copies its input to its output. */
    final class Cat implements FakeProgram {
        @Override
        public void input(FakeProcess process, byte[] bytes) {
            process.output(OutputStreamKind.STDOUT, bytes);
        }

        @Override
        public void inputEnded(FakeProcess process) {
            process.end(0);
        }
    }

    /** Exits with a code at one signal and ignores all others. */
    record Trap(int caught, int code) implements FakeProgram {
        @Override
        public void signal(FakeProcess process, int signal) {
            if (signal == caught) {
                process.end(code);
            }
        }
    }

    /** Hands each line of its input to a handler. */
    final class Lines implements FakeProgram {
        private final java.util.function.BiConsumer<FakeProcess, String> handler;
        private final StringBuilder pending = new StringBuilder();

        Lines(java.util.function.BiConsumer<FakeProcess, String> handler) {
            this.handler = handler;
        }

        @Override
        public void input(FakeProcess process, byte[] bytes) {
            pending.append(new String(bytes, StandardCharsets.UTF_8));
            List<String> lines = new ArrayList<>();
            for (int end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
                lines.add(pending.substring(0, end).replace("\r", ""));
                pending.delete(0, end + 1);
            }
            lines.forEach(line -> handler.accept(process, line));
        }

        @Override
        public void inputEnded(FakeProcess process) {
            process.end(0);
        }
    }

    /** Writes so many bytes, byte n being {@code n % 251}, as fast as somebody reads them. */
    final class Flood implements FakeProgram {
        static final int PIECE = 32 << 10;
        private final long total;
        private long written;

        Flood(long total) {
            this.total = total;
        }

        static byte at(long offset) {
            return (byte) (offset % 251);
        }

        @Override
        public void start(FakeProcess process) {
            room(process);
        }

        @Override
        public void room(FakeProcess process) {
            if (written == total) {
                process.end(0);
                return;
            }
            byte[] piece = new byte[(int) Math.min(PIECE, total - written)];
            for (int i = 0; i < piece.length; i++) {
                piece[i] = at(written + i);
            }
            written += piece.length;
            process.output(OutputStreamKind.STDOUT, piece);
            process.wantRoom();
        }
    }
}
