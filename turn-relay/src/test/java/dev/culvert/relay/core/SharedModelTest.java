package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random requests and packets at one relay port of five allocations: relay and model agree whose each packet is. */
@SuppressWarnings("NullAway") // where a route is missing, the test fails
class SharedModelTest {
    private static final int SEQUENCES = 15;
    private static final int STEPS = 5000;
    private static final int NOBODY = -1;
    private static final List<String> PEERS =
            List.of("192.0.2.9:5000", "192.0.2.9:5001", "192.0.2.9:5002", "192.0.2.10:5000", "192.0.2.11:5000");

    private final RandomGenerator seeds = new Random(Long.getLong("culvert.seed", System.nanoTime()));

    @Test
    void relayAgreesWithItsModelWhoseAPacketIs() {
        int found = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            long seed = seeds.nextLong();
            System.out.println("SharedModelTest: seed " + seed);
            Sequence sequence = new Sequence(seed);
            sequence.run();
            found += sequence.found;
        }
        assertThat(found).isGreaterThan(SEQUENCES * STEPS / 100);
    }

    /** A peer that one client alone has: for a channel, or for having sent there under a permission that still lasts. */
    private record Claim(int client, TransportAddress peer) {}

    private static final class Sequence extends ModelledSequence {
        private final Set<Claim> claims = new HashSet<>();
        private int found;

        Sequence(long seed) {
            super(seed, new RelayMode(1, 1), PEERS, STEPS);
        }

        private boolean isGood(Claim claim) {
            RelayModel model = models.get(claim.client());
            return model.isPermitted(claim.peer().ip(), elapsedSeconds) || model.isBoundTo(claim.peer());
        }

        @Override
        void step(int i) {
            switch (random.nextInt(12)) {
                case 0, 1 -> allocate(clients.get(i), models.get(i));
                case 2 -> refresh(i, random.nextInt(4) == 0 ? 0 : 1000);
                case 3, 4 -> permit(i);
                case 5, 6 -> bind(i);
                case 7, 8 -> send(i);
                case 9, 10 -> packet();
                default -> pass(200);
            }
        }

        private void allocate(TestClient client, RelayModel model) {
            relay.whenClientSends(client, Ask.allocate(new Lifetime(1000)));
            StunMessage answer = relay.thenRelayAnswers(client);
            if (model.hasAllocation()) {
                assertThat(code(answer)).isEqualTo(437);
                return;
            }
            assertThat(code(answer)).isZero();
            TransportAddress relayed =
                    answer.get(XorRelayedAddress.TYPE).orElseThrow().address();
            assertThat(models).allMatch(other -> other.relayed == null || relayed.equals(other.relayed));
            model.allocated(relayed, elapsedSeconds + 1000);
        }

        private void bind(int i) {
            TransportAddress peer = Ask.address(peer());
            int number = 0x4000 + random.nextInt(3);
            relay.whenClientSends(clients.get(i), Ask.channelBind(number, peer.toString()));
            int expected = models.get(i).bind(number, peer, true, isTaken(peer, i), elapsedSeconds);
            assertThat(code(relay.thenRelayAnswers(clients.get(i)))).isEqualTo(expected);
            if (expected == 0) {
                claims.add(new Claim(i, peer));
            }
        }

        private void send(int i) {
            TransportAddress peer = Ask.address(peer());
            relay.whenClientSends(clients.get(i), Ask.sendIndication(peer.toString(), "data"));
            if (models.get(i).isPermitted(peer.ip(), elapsedSeconds) && !isTaken(peer, i)) {
                relay.thenRelaySends(models.get(i).relayed, peer.toString(), "data");
                claims.add(new Claim(i, peer));
            }
            relay.thenRelayIsSilent();
        }

        private void packet() {
            if (relay.out.started.isEmpty()) {
                return;
            }
            TransportAddress relayed = relay.out.started.keySet().iterator().next();
            TransportAddress peer = Ask.address(peer());
            long ambiguous = relay.server.counters().value(RelayCounter.PEER_PACKETS_AMBIGUOUS);

            Route route = relay.whenPeerSends(peer.toString(), relayed);

            int expected = addressee(peer);
            int channel = expected == NOBODY ? -1 : models.get(expected).heardOn(peer, elapsedSeconds);
            assertThat(route == null ? -1 : route.channel()).isEqualTo(channel);
            if (route != null) {
                assertThat(route.client()).isEqualTo(clients.get(expected).flow);
                found++;
            }
            boolean isAmbiguous = owner(peer) == NOBODY && permitting(peer).length > 1;
            assertThat(relay.server.counters().value(RelayCounter.PEER_PACKETS_AMBIGUOUS) - ambiguous)
                    .isEqualTo(isAmbiguous ? 1 : 0);
        }

        private int addressee(TransportAddress peer) {
            int[] permitting = permitting(peer);
            int only = permitting.length == 1 ? permitting[0] : NOBODY;
            return owner(peer) == NOBODY ? only : owner(peer);
        }

        private int[] permitting(TransportAddress peer) {
            return IntStream.range(0, CLIENTS)
                    .filter(i -> models.get(i).isPermitted(peer.ip(), elapsedSeconds))
                    .toArray();
        }

        private int owner(TransportAddress peer) {
            return claims.stream()
                    .filter(claim -> claim.peer().equals(peer))
                    .mapToInt(Claim::client)
                    .findFirst()
                    .orElse(NOBODY);
        }

        private boolean isTaken(TransportAddress peer, int client) {
            return owner(peer) != NOBODY && owner(peer) != client;
        }

        @Override
        void assertConsistent() {
            claims.removeIf(claim -> !isGood(claim));
            Ledger.Totals totals = relay.ledger.totals();
            int expectedPorts = relay.server.allocations() > 0 ? 1 : 0;
            assertThat(totals.ports()).isEqualTo(expectedPorts);
            assertThat(relay.machine.bound).hasSize(expectedPorts);
            assertThat(totals.units()).isEqualTo(relay.server.allocations());
        }
    }
}
