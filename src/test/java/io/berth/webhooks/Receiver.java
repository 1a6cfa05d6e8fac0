package io.berth.webhooks;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Receives webhooks on 127.0.0.2, which the tests' configuration allows. */
final class Receiver implements AutoCloseable {

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    record Request(String path, String id, String timestamp, String signature, String body) {

        /** What the signature has to be, as a receiver works it out that knows the secret. */
        String signatureWith(String secret) throws GeneralSecurityException {
            byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            String signed = id + "." + timestamp + "." + body;
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** @param status of the nth answer, from 0; negative never answers */
    Receiver(IntUnaryOperator status) throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "receiver");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = exchange.getRequestHeaders();
            int number;
            synchronized (requests) {
                number = requests.size();
                requests.add(new Request(
                        exchange.getRequestURI().toString(),
                        headers.getFirst("Webhook-Id"),
                        headers.getFirst("Webhook-Timestamp"),
                        headers.getFirst("Webhook-Signature"),
                        body));
            }
            int answer = status.applyAsInt(number);
            if (answer >= 0) {
                if (answer == 302) {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                }
                exchange.sendResponseHeaders(answer, -1);
                exchange.close();
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.2:" + server.getAddress().getPort() + "/hook?a=b";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
