package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.core.RelayUnderTest.Options;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random requests of five clients to a relay, and for each client a model that must agree with it at each step. */
abstract class ModelledSequence {
    static final int CLIENTS = 5;

    final Random random;
    final RelayUnderTest relay;
    final List<TestClient> clients = new ArrayList<>();
    final List<RelayModel> models = new ArrayList<>();
    long elapsedSeconds;

    private final List<String> peers;
    private final int steps;

    ModelledSequence(long seed, RelayMode mode, List<String> peers, int steps) {
        this.peers = peers;
        this.steps = steps;
        random = new Random(seed);
        long[] starts = VirtualClock.hostileStarts();
        Options options = new Options();
        options.seed = seed;
        options.mode = mode;
        options.clock = VirtualClock.startingAt(starts[random.nextInt(starts.length)]);
        options.settings =
                new RelaySettings(600, 3600, RelayModel.MAX_PERMISSIONS, RelayModel.MAX_CHANNELS, 0x4FFF, false, "");
        relay = new RelayUnderTest(options);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(TestClient.alice("198.51.100.7:" + (40_000 + i)));
            models.add(new RelayModel());
        }
    }

    final void run() {
        for (int i = 0; i < steps; i++) {
            step(random.nextInt(CLIENTS));
            models.forEach(model -> model.expire(elapsedSeconds));
            assertConsistent();
        }
        relay.server.endAll(relay.clock.nowNanos(), relay.out);
        relay.thenNothingIsLeft();
    }

    /** One request, packet or leap of time. */
    abstract void step(int client);

    /** What holds after each step. */
    abstract void assertConsistent();

    /** In whole seconds, less than {@code most}; now and then far, so that all expires, mostly with timers late. */
    final void pass(int most) {
        int seconds = random.nextInt(12) == 0 ? random.nextInt(4000) : random.nextInt(most);
        elapsedSeconds += seconds;
        if (random.nextBoolean()) {
            relay.passWithTimers(Duration.ofSeconds(seconds));
        } else {
            relay.pass(Duration.ofSeconds(seconds));
        }
    }

    final void refresh(int client, long lifetime) {
        relay.whenClientSends(clients.get(client), Ask.refresh(lifetime));
        assertThat(code(relay.thenRelayAnswers(clients.get(client))))
                .isEqualTo(models.get(client).refresh(lifetime, elapsedSeconds));
    }

    final void permit(int client) {
        String peer = peer();
        relay.whenClientSends(clients.get(client), Ask.createPermission(peer));
        int expected = models.get(client).permit(Ask.address(peer), isAllowed(peer), elapsedSeconds);
        assertThat(code(relay.thenRelayAnswers(clients.get(client)))).isEqualTo(expected);
    }

    final String peer() {
        return peers.get(random.nextInt(peers.size()));
    }

    static boolean isAllowed(String peer) {
        return !peer.startsWith("10.");
    }

    /** Of the error, or 0. */
    static int code(StunMessage answer) {
        return answer.get(ErrorCode.TYPE).map(ErrorCode::code).orElse(0);
    }
}
