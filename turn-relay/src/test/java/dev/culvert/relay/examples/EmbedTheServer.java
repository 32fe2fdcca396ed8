package dev.culvert.relay.examples;

import dev.culvert.relay.TurnConfig;
import dev.culvert.relay.TurnRelay;
import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.server.StunService;
import dev.culvert.server.config.InvalidConfigurationException;
import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerConfigBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A server inside another program. */
final class EmbedTheServer {
    private EmbedTheServer() {}

    static void start() {
        TurnConfig config = TurnConfig.builder()
                .listen("udp:127.0.0.1:0", "tcp:127.0.0.1:0")
                .realm("example.org")
                .user("alice", "wonderland")
                .build();
        TurnRelay.start(config)
                .onSuccess(relay -> System.out.println("clients reach it at " + relay.uris()))
                .onFailure(cause -> System.err.println(cause.getMessage()));
    }

    static void runForAWhile() throws InterruptedException {
        TurnConfig config = TurnConfig.builder()
                .listen("udp:127.0.0.1:0")
                .realm("example.org")
                .sharedSecret("a long secret that the web application has, too")
                .allowPeer("10.0.0.0/8")
                .option("max-allocations-per-user", "4")
                .build();
        TurnRelay relay = TurnRelay.start(config).await();
        IssuedCredential forAlice = relay.issue("alice", Duration.ofHours(1)).orElseThrow();
        System.out.println(relay.uris() + " for " + forAlice.username());
        relay.drain().await();
        relay.shutdown().await();
    }

    static TurnConfig usersOfTheProgram(Map<String, String> passwords) {
        return TurnConfig.builder()
                .listen("udp:127.0.0.1:0")
                .realm("example.org")
                .passwords(name -> Future.succeededFuture(Optional.ofNullable(passwords.get(name))))
                .build();
    }

    static Future<TurnRelay> startBeside(Vertx vertx, TurnConfig config, MeterRegistry registry) {
        return TurnRelay.start(vertx, config).onSuccess(relay -> relay.bindTo(registry));
    }

    static Future<Void> allowMore(TurnRelay relay) {
        TurnConfig next = TurnConfig.builder()
                .listen("udp:127.0.0.1:0")
                .realm("example.org")
                .user("alice", "wonderland")
                .user("bob", "builder")
                .build();
        return relay.reload(next);
    }

    static void tellWhatIsWrong() {
        try {
            TurnConfig.builder().realm("example.org").listen("udp:127.0.0.1").build();
        } catch (InvalidConfigurationException e) {
            e.problems().forEach(System.err::println);
        }
    }

    static Future<StunService> stunOnly(Vertx vertx) {
        ServerConfig config =
                new ServerConfigBuilder().listen("udp:127.0.0.1:0").build();
        return StunService.start(vertx, config).onSuccess(stun -> System.out.println("listening " + stun.listening()));
    }
}
