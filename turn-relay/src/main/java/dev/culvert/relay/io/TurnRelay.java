package dev.culvert.relay.io;

import dev.culvert.relay.config.RelayConfig;
import dev.culvert.server.RunningServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** A running TURN server, which is a STUN server too, on the event loops of a Vert.x instance. */
public final class TurnRelay {
    private TurnRelay() {}

    /**
     * Starts a server.
     *
     * @return the running server; or, with everything closed again, a failure: {@link IllegalArgumentException} for a
     *     configuration that cannot be served
     */
    public static Future<? extends RunningServer> start(Vertx vertx, RelayConfig config) {
        return Future.failedFuture("not yet: " + config.server().listeners());
    }
}
