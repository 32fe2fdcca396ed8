package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.server.config.Parsers;
import dev.culvert.server.io.ClientTrace;
import dev.culvert.server.io.ClientTrace.Status;
import dev.culvert.server.io.ClientTrace.Target;
import dev.culvert.stun.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Switches the trace of one client or user on and off. */
final class TraceRoutes {
    private static final String PATH = "/trace";
    private static final int DEFAULT_SECONDS = 60;

    private final ClientTrace trace;

    TraceRoutes(ClientTrace trace) {
        this.trace = trace;
    }

    List<AdminRoute> all() {
        return List.of(
                AdminRoute.get(PATH, List.of(), request -> status()),
                AdminRoute.told("PUT", PATH, List.of("client", "user", "seconds"), this::start),
                AdminRoute.told("DELETE", PATH, List.of(), request -> stop()));
    }

    private AdminAnswer start(AdminRequest request) throws BadRequestException {
        Optional<IpAddress> client = request.field("client", Parsers::address);
        Optional<String> user = request.field("user", text -> text);
        if (client.isPresent() == user.isPresent()) {
            throw new BadRequestException(
                    "one of the fields client and user is wanted; write {\"client\": \"192.0.2.7\"}");
        }
        int seconds = request.field("seconds", Parsers.number(1, (int) ClientTrace.LONGEST.toSeconds()))
                .orElse(DEFAULT_SECONDS);
        Target target = client.<Target>map(Target.Client::new).orElseGet(() -> new Target.User(user.orElseThrow()));
        trace.start(target, Duration.ofSeconds(seconds));
        return status();
    }

    private AdminAnswer stop() {
        trace.stop();
        return status();
    }

    private AdminAnswer status() {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        Optional<Status> status = trace.status();
        shown.put("on", status.isPresent());
        status.ifPresent(now -> put(shown, now));
        return AdminAnswer.ok(shown);
    }

    private static void put(ObjectNode shown, Status status) {
        if (status.target() instanceof Target.Client client) {
            shown.put("client", client.address().toString());
        } else if (status.target() instanceof Target.User user) {
            shown.put("user", user.name());
        }
        shown.put("leftSeconds", status.left().toSeconds()).put("lines", status.lines());
    }
}
