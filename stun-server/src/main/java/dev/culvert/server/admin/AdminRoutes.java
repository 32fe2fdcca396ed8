package dev.culvert.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** What one server program shows and takes beside what all of them do. Called on threads that may be blocked. */
public interface AdminRoutes {
    /** The program's name. */
    String program();

    /** Its routes. */
    List<AdminRoute> routes();

    /** What goes through it, for the status page: the most telling first. */
    List<Flow> flows();

    /** The names of the counters of what it refused or dropped. */
    Set<String> refusals();

    /** Adds what does not change from one second to the next, for {@code GET /server}. */
    void describe(ObjectNode server);

    /** Adds to what the status page is told every second. */
    void summarize(ObjectNode summary);

    /** What the OpenAPI document says of all this; merged into that of all servers. */
    ObjectNode openApi();

    /**
     * Traffic in one direction.
     *
     * @param name for people
     * @param packets the names of the counters that make its packets together
     * @param bytes the names of the counters that make its bytes together
     */
    record Flow(String name, List<String> packets, List<String> bytes) {
        public Flow {
            packets = List.copyOf(packets);
            bytes = List.copyOf(bytes);
        }
    }

    /** A program that only answers Binding requests. */
    AdminRoutes STUN_ONLY = new AdminRoutes() {
        @Override
        public String program() {
            return "stun-server";
        }

        @Override
        public List<AdminRoute> routes() {
            return List.of();
        }

        @Override
        public List<Flow> flows() {
            return List.of();
        }

        @Override
        public Set<String> refusals() {
            return Set.of();
        }

        @Override
        public void describe(ObjectNode server) {}

        @Override
        public void summarize(ObjectNode summary) {}

        @Override
        public ObjectNode openApi() {
            return JsonNodeFactory.instance.objectNode();
        }
    };
}
