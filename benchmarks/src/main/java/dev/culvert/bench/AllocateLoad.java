package dev.culvert.bench;

import dev.culvert.server.io.UdpPort;
import dev.culvert.stun.TransportAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allocations that are made, get a permission and a channel, and are deleted, some at a time; each by a client that knows
 * nothing of the server, so that there is a challenge too: five transactions. Each has a socket of its own: coturn refuses
 * a 5-tuple for a minute after its allocation was deleted (437).
 */
final class AllocateLoad implements Load {
    private static final Logger LOG = LoggerFactory.getLogger(AllocateLoad.class);

    private static final int AT_ONCE = 32;

    private final Generator generator;
    private final TransportAddress server;
    private final Tally tally = new Tally();
    private int underWay;
    private boolean running;

    AllocateLoad(Generator generator, TransportAddress server) {
        this.generator = generator;
        this.server = server;
    }

    @Override
    public void start() {
        generator.sockets().allow(Trains.NONE);
        running = true;
        while (underWay < AT_ONCE) {
            begin();
        }
    }

    private void begin() {
        UdpPort client = generator.sockets().freshClient();
        Wire wire = new UdpWire(generator.sockets(), client, server);
        TurnSession session = new TurnSession(generator.transactions(), wire);
        TransportAddress peer = generator.sockets().peer(0).local();
        underWay++;
        session.allocate()
                .compose(done -> session.permit(peer))
                .compose(done -> session.bind(Relayed.CHANNEL, peer))
                .compose(done -> session.delete())
                .onComplete(done -> {
                    underWay--;
                    client.close();
                    if (done.succeeded()) {
                        tally.delivered++;
                    } else {
                        onFailure(done.cause());
                    }
                    if (running) {
                        begin();
                    }
                });
    }

    private void onFailure(Throwable cause) {
        tally.lost++;
        if (Long.bitCount(tally.lost) == 1) { // the 1st, 2nd, 4th, 8th, …
            LOG.warn("{}: {}", server, cause.getMessage());
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    /** Transactions have their own time-out. */
    @Override
    public void expire(long nowNanos) {}

    @Override
    public Tally tally() {
        return tally;
    }
}
