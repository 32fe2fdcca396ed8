package dev.culvert.relay.usage;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An endpoint on the loopback interface that takes deliveries, and answers as it is told. */
public final class WebhookEndpoint implements AutoCloseable {
    /** In place of a status: the connection stays open, and nothing comes. */
    static final int NOTHING = 0;

    private final HttpServer server;
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    /** What was posted, whatever the answer. */
    public record Delivery(Headers headers, byte[] body, int status) {
        /** The value of a header that there is. */
        public String header(String name) {
            String value = headers.getFirst(name);
            if (value == null) {
                throw new AssertionError("no header " + name);
            }
            return value;
        }
    }

    /** Listens on a free port. */
    public WebhookEndpoint() throws IOException {
        this(0);
    }

    /** Listens on {@code port}. */
    public WebhookEndpoint(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 50);
        server.createContext("/usage", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int answered = status;
        deliveries.add(new Delivery(exchange.getRequestHeaders(), body, answered));
        if (answered != NOTHING) {
            exchange.sendResponseHeaders(answered, -1);
            exchange.close();
        }
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/usage");
    }

    /** Answers with {@code other} from now on. */
    public void answerWith(int other) {
        status = other;
    }

    /** In the order in which they came. */
    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
