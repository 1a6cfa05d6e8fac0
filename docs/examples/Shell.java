import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal in a Berth container: {@code java Shell.java URL TOKEN [container[/exec]] [tenant]}. Starts {@code sh} in the container, or
 * comes back to the exec. Without a container it takes the first that runs. Ctrl-] leaves the shell running.
 */
public class Shell implements WebSocket.Listener {

    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final int DETACH = 0x1D;

    final CompletableFuture<Integer> end = new CompletableFuture<>();
    boolean inMessage;
    int channel;
    String name = "";
    final StringBuilder status = new StringBuilder();

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: java Shell.java URL TOKEN [container[/exec]] [tenant]");
            System.exit(2);
        }
        String tenant = args.length > 3 ? args[3] : "default";
        String containers = args[0].replaceAll("/+$", "") + "/api/v1/tenants/" + tenant + "/containers";
        String token = args[1].strip();
        String[] target = (args.length > 2 ? args[2] : field(call("GET", containers + "?state=running&limit=1", token, null), "id"))
                .split("/", 2);
        String execs = containers + "/" + target[0] + "/execs";
        String size = size();
        String exec = target.length > 1 ? target[1] : start(execs, token, size);
        System.exit(new Shell().run(execs + "/" + exec + "/attach?takeover=true", token, target[0] + "/" + exec));
    }

    static String start(String execs, String token, String size) throws Exception {
        String[] rowsColumns = size.split(" ");
        return field(call("POST", execs, token, "{\"command\":[\"sh\"],\"tty\":true,\"size\":{\"columns\":" + rowsColumns[1]
                + ",\"rows\":" + rowsColumns[0] + "}}"), "id");
    }

    static String call(String method, String url, String token, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response;
        try {
            response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            System.err.println("no answer from " + request.uri().getAuthority() + ": is the server running?");
            System.exit(1);
            throw e;
        }
        if (response.statusCode() >= 300) {
            System.err.println(field(response.body(), "detail"));
            System.exit(1);
        }
        return response.body();
    }

    /** The first text of that name in a JSON document; good enough for what this program asks. */
    static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        if (!found.find()) {
            System.err.println("no '" + name + "' in the answer: " + json);
            System.exit(1);
        }
        return found.group(1);
    }

    int run(String url, String token, String target) throws Exception {
        name = target;
        WebSocket socket = HTTP.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .subprotocols("v5.channel.k8s.io")
                .buildAsync(URI.create(url.replaceFirst("^http", "ws")), this)
                .get();
        String saved = stty("-g");
        stty("raw -echo");
        try {
            background(() -> type(socket));
            background(() -> follow(socket));
            return end.get();
        } finally {
            stty(saved);
        }
    }

    /** Sends what is typed. */
    void type(WebSocket socket) throws Exception {
        byte[] typed = new byte[4096];
        for (int count = System.in.read(typed, 1, typed.length - 1); count > 0; count = System.in.read(typed, 1, typed.length - 1)) {
            if (count == 1 && typed[1] == DETACH) {
                System.out.print("\r\nit goes on; come back with: " + name + "\r\n");
                end.complete(0);
                return;
            }
            send(socket, ByteBuffer.wrap(typed, 0, count + 1));
        }
        // the input ended: that of a terminal ends by its own character
        send(socket, ByteBuffer.wrap(new byte[] {0, 4}));
    }

    /** One at a time: a WebSocket refuses what comes while it still sends. */
    synchronized void send(WebSocket socket, ByteBuffer message) throws Exception {
        socket.sendBinary(message, true).get();
    }

    /** Tells the terminal's size, at first and whenever it changes. */
    void follow(WebSocket socket) throws Exception {
        String told = "";
        while (!end.isDone()) {
            String size = size();
            if (!size.equals(told)) {
                told = size;
                String[] rowsColumns = size.split(" ");
                String json = "\u0004{\"Width\":" + rowsColumns[1] + ",\"Height\":" + rowsColumns[0] + "}";
                send(socket, ByteBuffer.wrap(json.getBytes(StandardCharsets.US_ASCII)));
            }
            Thread.sleep(500);
        }
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
        if (!inMessage && part.hasRemaining()) {
            channel = part.get() & 0xFF;
        }
        inMessage = !last;
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        if (channel == 1 || channel == 2) {
            System.out.write(bytes, 0, bytes.length);
            System.out.flush();
        } else if (channel == 3) {
            status.append(new String(bytes, StandardCharsets.UTF_8));
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        if (code != 1000) {
            System.err.print("\r\nclosed: " + code + " " + reason + "; come back with: java Shell.java URL TOKEN " + name + "\r\n");
            end.complete(1);
        } else {
            Matcher exit = Pattern.compile("\"ExitCode\",\"message\":\"(\\d+)\"").matcher(status);
            end.complete(exit.find() ? Integer.parseInt(exit.group(1)) : 0);
        }
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        System.err.print("\r\n" + error + "; come back with: java Shell.java URL TOKEN " + name + "\r\n");
        end.complete(1);
    }

    interface Task {
        void run() throws Exception;
    }

    void background(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                System.err.print("\r\n" + e + "; come back with: java Shell.java URL TOKEN " + name + "\r\n");
                end.complete(1);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    static String size() throws Exception {
        String size = stty("size");
        return size.matches("[1-9]\\d* [1-9]\\d*") ? size : "24 80";
    }

    static String stty(String how) throws IOException, InterruptedException {
        Process stty = new ProcessBuilder("sh", "-c", "stty " + how + " </dev/tty 2>/dev/null").start();
        String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        stty.waitFor();
        return said;
    }
}
