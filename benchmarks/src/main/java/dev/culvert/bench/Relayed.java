package dev.culvert.bench;

import dev.culvert.bench.Traffic.Framing;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Allocations on one server, each with a permission and, where data go as ChannelData, a channel to its peer. */
final class Relayed {
    static final int CHANNEL = 0x4000;

    /** Few enough that neither side's socket buffers overflow. */
    private static final int AT_ONCE = 32;

    private final Generator generator;
    private final TransportAddress server;
    private final Framing framing;
    private final int peers;
    private final List<TurnSession> sessions = new ArrayList<>();

    private Relayed(Generator generator, TransportAddress server, Framing framing, int peers) {
        this.generator = generator;
        this.server = server;
        this.framing = framing;
        this.peers = peers;
    }

    /**
     * Makes {@code count} allocations.
     *
     * @param peers sockets of peers, which the allocations share where there are fewer of them
     */
    static Relayed open(
            Generator generator, Transport transport, TransportAddress server, Framing framing, int count, int peers) {
        Relayed relayed = new Relayed(generator, server, framing, peers);
        generator.await(() -> inTurn(count, index -> relayed.open(transport, index)));
        return relayed;
    }

    private Future<Void> open(Transport transport, int index) {
        return generator.connect(transport, server, index).compose(wire -> {
            TurnSession session = new TurnSession(generator.transactions(), wire);
            return session.allocate().compose(done -> {
                sessions.add(session);
                return admit(sessions.size() - 1);
            });
        });
    }

    /** Installs permission and channel of one allocation anew, as all of them must be every few minutes. */
    private Future<Void> admit(int index) {
        TurnSession session = sessions.get(index);
        TransportAddress peer = peer(index);
        return framing == Framing.CHANNEL_DATA ? session.bind(CHANNEL, peer) : session.permit(peer);
    }

    /** The one of {@code contestant}. */
    static Relayed of(Map<String, Relayed> byName, Contestant contestant) {
        Relayed relayed = byName.get(contestant.name());
        if (relayed == null) {
            throw new IllegalArgumentException("no allocations on " + contestant.name());
        }
        return relayed;
    }

    /** Renews all permissions and channels. */
    void renew() {
        generator.await(() -> inTurn(sessions.size(), this::admit));
    }

    /** Ends all allocations. */
    void delete() {
        generator.await(
                () -> inTurn(sessions.size(), index -> sessions.get(index).delete()));
        sessions.clear();
    }

    TurnSession session(int index) {
        return sessions.get(index);
    }

    /** The address of the peer of an allocation. */
    TransportAddress peer(int index) {
        return generator.sockets().peer(index % peers).local();
    }

    /** Which of the peers' sockets is that of an allocation. */
    int peerSocket(int index) {
        return index % peers;
    }

    /** Does {@code count} things, some of them at a time; fails with the first that fails. */
    static Future<Void> inTurn(int count, IntFunction<Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        int[] counts = {0, 0};
        Runnable[] next = new Runnable[1];
        next[0] = () -> {
            if (counts[0] == count) {
                return;
            }
            action.apply(counts[0]++).onComplete(one -> {
                if (one.failed()) {
                    done.tryFail(one.cause());
                    return;
                }
                if (++counts[1] == count) {
                    done.tryComplete();
                }
                next[0].run();
            });
        };
        if (count == 0) {
            done.complete();
        }
        for (int i = 0; i < Math.min(count, AT_ONCE); i++) {
            next[0].run();
        }
        return done.future();
    }
}
