package dev.culvert.relay.io;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.ice.vertx.TurnServerAddress;
import dev.culvert.relay.Invocation;
import dev.culvert.relay.auth.CredentialStore;
import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.core.TestedMode;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A TURN server on loopback sockets, on UDP and TCP, in this process. */
final class RunningRelay implements AutoCloseable {
    static final LongTermCredential ALICE = new LongTermCredential("alice", "wonderland");

    private final Vertx vertx;
    private final RelayService relay;

    private RunningRelay(boolean isNative, Optional<CredentialStore> store, String... options) {
        vertx = Vertx.vertx(
                new VertxOptions().setPreferNativeTransport(isNative).setEventLoopPoolSize(2));
        RelayConfig config = config(options);
        Future<RelayService> starting = store.map(asked -> RelayService.start(vertx, config, asked))
                .orElseGet(() -> RelayService.start(vertx, config));
        this.relay = starting.await();
    }

    private static RelayConfig config(String... options) {
        List<String> all = new ArrayList<>(List.of("--realm", "example.org", "--user", "alice:wonderland"));
        all.addAll(List.of("--listen", "udp:127.0.0.1:0", "--listen", "tcp:127.0.0.1:0", "--no-admin"));
        all.addAll(List.of("--relay-mode", TestedMode.name()));
        all.addAll(List.of(options));
        return Invocation.of(all.toArray(new String[0])).config();
    }

    /** Goes on with {@code options} in place of those of before. */
    void reload(String... options) {
        relay.reload(config(options));
    }

    static RunningRelay with(String... options) {
        return new RunningRelay(true, Optional.empty(), options);
    }

    static RunningRelay asking(CredentialStore store, String... options) {
        return new RunningRelay(true, Optional.of(store), options);
    }

    /** As on a system for which there is no native transport. */
    static RunningRelay portable(String... options) {
        return new RunningRelay(false, Optional.empty(), options);
    }

    Vertx vertx() {
        return vertx;
    }

    RelayService relay() {
        return relay;
    }

    TransportAddress address(Transport transport) {
        return relay.endpoints().stream()
                .filter(where -> where.transport() == transport)
                .findFirst()
                .orElseThrow()
                .address();
    }

    /** A client with an allocation, or the reason why it has none. */
    Future<TurnConnection> client(Transport transport, LongTermCredential credential) {
        return TurnConnection.open(vertx, server(transport), credential, TurnOptions.defaults());
    }

    /** Alice with an allocation of her choice, or the reason why she has none. */
    Future<TurnConnection> alice(Transport transport, TurnOptions options) {
        return TurnConnection.open(vertx, server(transport), ALICE, options);
    }

    /** Alice, on event loops of her own. */
    Future<TurnConnection> client(Vertx own, Transport transport) {
        return TurnConnection.open(own, server(transport), ALICE, TurnOptions.defaults());
    }

    /** Alice, who reaches the server by TCP at another address. */
    Future<TurnConnection> clientAt(TransportAddress address) {
        return TurnConnection.open(vertx, TurnServerAddress.tcp(address), ALICE, TurnOptions.defaults());
    }

    private TurnServerAddress server(Transport transport) {
        TransportAddress address = address(transport);
        return transport == Transport.UDP ? TurnServerAddress.udp(address) : TurnServerAddress.tcp(address);
    }

    TurnConnection alice(Transport transport) {
        return client(transport, ALICE).await();
    }

    @Override
    public void close() {
        relay.close().await();
        vertx.close().await();
    }
}
