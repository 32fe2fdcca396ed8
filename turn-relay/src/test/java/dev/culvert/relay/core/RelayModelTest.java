package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random requests, packets and leaps of time: the relay and a plain model of it must agree at each step. */
@SuppressWarnings("NullAway") // where a route is missing, the test fails
class RelayModelTest {
    private static final int SEQUENCES = 20;
    private static final int STEPS = 6000;
    private static final List<String> PEERS = List.of(
            "192.0.2.9:5000",
            "192.0.2.9:5001",
            "192.0.2.10:5000",
            "192.0.2.11:5000",
            "192.0.2.12:5000",
            "192.0.2.13:1",
            "10.0.0.7:5000");

    private final RandomGenerator seeds = new Random(Long.getLong("culvert.seed", System.nanoTime()));

    @Test
    void relayAgreesWithItsModelAtEachStep() {
        for (int i = 0; i < SEQUENCES; i++) {
            long seed = seeds.nextLong();
            System.out.println("RelayModelTest: seed " + seed);
            new Sequence(seed).run();
        }
    }

    private static final class Sequence extends ModelledSequence {
        private int reservations;

        Sequence(long seed) {
            super(seed, TestedMode.mode(), PEERS, STEPS);
        }

        @Override
        void step(int i) {
            TestClient client = clients.get(i);
            RelayModel model = models.get(i);
            switch (random.nextInt(10)) {
                case 0, 1 -> allocate(client, model);
                case 2 -> refresh(i, random.nextInt(3) == 0 ? 0 : random.nextInt(5000));
                case 3, 4 -> permit(i);
                case 5, 6 -> bind(client, model);
                case 7 -> send(client, model);
                case 8 -> packets(client, model);
                default -> pass(120);
            }
        }

        private void allocate(TestClient client, RelayModel model) {
            boolean reserves = random.nextInt(4) == 0 && !TestedMode.mode().isShared();
            long lifetime = random.nextInt(5000);
            Ask ask = reserves
                    ? Ask.allocate(new Lifetime(lifetime), new EvenPort(true))
                    : Ask.allocate(new Lifetime(lifetime));
            relay.whenClientSends(client, ask);
            StunMessage answer = relay.thenRelayAnswers(client);
            if (model.hasAllocation()) {
                assertThat(code(answer)).isEqualTo(437);
                return;
            }
            if (code(answer) == 508 || code(answer) == 486) {
                assertThat(reservations)
                        .as("only reservations use the range up")
                        .isPositive();
                return;
            }
            assertThat(code(answer)).isZero();
            reservations += reserves ? 1 : 0;
            TransportAddress relayed =
                    answer.get(XorRelayedAddress.TYPE).orElseThrow().address();
            assertThat(models).noneMatch(other -> relayed.equals(other.relayed));
            model.allocated(relayed, elapsedSeconds + Math.max(600, Math.min(3600, lifetime)));
        }

        private void bind(TestClient client, RelayModel model) {
            String peer = peer();
            int number = 0x4FFC + random.nextInt(5);
            relay.whenClientSends(client, Ask.channelBind(number, peer));
            int expected = model.bind(number, Ask.address(peer), isAllowed(peer), elapsedSeconds);
            assertThat(code(relay.thenRelayAnswers(client))).isEqualTo(expected);
        }

        private void send(TestClient client, RelayModel model) {
            String peer = peer();
            relay.whenClientSends(client, Ask.sendIndication(peer, "data"));
            if (model.hasAllocation() && model.isPermitted(Ask.address(peer).ip(), elapsedSeconds)) {
                relay.thenRelaySends(model.relayed, peer, "data");
            }
            relay.thenRelayIsSilent();
        }

        private void packets(TestClient client, RelayModel model) {
            int number = 0x4FFC + random.nextInt(5);
            ChannelBinding binding = relay.whenClientSendsChannelData(client, number);
            assertThat(binding == null ? null : binding.peer()).isEqualTo(model.peerOf(number));
            if (model.relayed == null) {
                return;
            }
            String peer = peer();
            Route route = relay.whenPeerSends(peer, model.relayed);
            assertThat(route == null ? -1 : route.channel())
                    .isEqualTo(model.heardOn(Ask.address(peer), elapsedSeconds));
            assertThat(route == null ? client.flow : route.client()).isEqualTo(client.flow);
        }

        @Override
        void assertConsistent() {
            Ledger.Totals totals = relay.ledger.totals();
            assertThat(totals.ports()).isEqualTo(relay.machine.bound.size());
            assertThat(totals.units()).isEqualTo(relay.server.allocations() + totals.reservations());
            assertThat(totals.ports()).isEqualTo(relay.out.started.size() + totals.reservations());
            assertThat(relay.out.started)
                    .as("five clients of one user share no port")
                    .hasSize(relay.server.allocations());
            assertThat(relay.server.allocations()).isGreaterThanOrEqualTo((int)
                    models.stream().filter(RelayModel::hasAllocation).count());
        }
    }
}
