package dev.culvert.bench;

import dev.culvert.stun.TransportAddress;

/**
 * Allocations that are made, get a permission and a channel, and are deleted, some at a time; each by a client that knows
 * nothing of the server, so that there is a challenge too: six transactions.
 */
final class AllocateLoad implements Load {
    private static final int AT_ONCE = 32;

    /** So many that a 5-tuple rests before it is used again. */
    private static final int CLIENTS = 1024;

    private final Generator generator;
    private final TransportAddress server;
    private final Tally tally = new Tally();
    private int nextClient;
    private int underWay;
    private boolean running;

    AllocateLoad(Generator generator, TransportAddress server) {
        this.generator = generator;
        this.server = server;
    }

    @Override
    public void start() {
        generator.sockets().allowTrains(false);
        running = true;
        while (underWay < AT_ONCE) {
            begin();
        }
    }

    private void begin() {
        int client = nextClient++ % CLIENTS;
        Wire wire = new UdpWire(generator.sockets(), generator.sockets().client(client), server);
        TurnSession session = new TurnSession(generator.transactions(), wire);
        TransportAddress peer = generator.sockets().peer(0).local();
        underWay++;
        session.allocate()
                .compose(done -> session.permit(peer))
                .compose(done -> session.bind(Relayed.CHANNEL, peer))
                .compose(done -> session.delete())
                .onComplete(done -> {
                    underWay--;
                    if (done.succeeded()) {
                        tally.delivered++;
                    } else {
                        tally.lost++;
                    }
                    if (running) {
                        begin();
                    }
                });
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
