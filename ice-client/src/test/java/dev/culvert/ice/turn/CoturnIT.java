package dev.culvert.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import dev.culvert.testkit.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against coturn, a server that others wrote, on the loopback interface. */
class CoturnIT {
    private static final AllocateOptions DEFAULTS = AllocateOptions.defaults();

    @TempDir
    private Path folder;

    @BeforeEach
    void coturnIsThere() {
        Requirements.command("turnserver");
    }

    @Test
    void twoAllocationsExchangeDataByIndications() throws IOException {
        try (Coturn coturn = Coturn.start(folder);
                LoopbackTurn one =
                        LoopbackTurn.overUdp(coturn.address(), Coturn.USER).allocate(DEFAULTS);
                LoopbackTurn other =
                        LoopbackTurn.overUdp(coturn.address(), Coturn.USER).allocate(DEFAULTS)) {
            one.permit(other.relayed());
            other.permit(one.relayed());

            one.send(other.relayed(), "ping");
            other.awaitData(one.relayed(), "ping");
            other.send(one.relayed(), "pong");
            one.awaitData(other.relayed(), "pong");

            assertThat(one.client.discarded()).isZero();
            assertThat(other.client.discarded()).isZero();
            assertCloses(one);
            assertCloses(other);
        }
    }

    @Test
    void udpAndTcpExchangeDataByChannels() throws IOException {
        try (Coturn coturn = Coturn.start(folder);
                LoopbackTurn one =
                        LoopbackTurn.overUdp(coturn.address(), Coturn.USER).allocate(DEFAULTS);
                LoopbackTurn other =
                        LoopbackTurn.overTcp(coturn.address(), Coturn.USER).allocate(DEFAULTS)) {
            one.bindChannel(other.relayed());
            other.bindChannel(one.relayed());

            one.send(other.relayed(), "by channel");
            other.awaitData(one.relayed(), "by channel");
            other.send(one.relayed(), "odd");
            other.send(one.relayed(), "and back");
            one.awaitData(other.relayed(), "odd");
            one.awaitData(other.relayed(), "and back");

            assertCloses(one);
            assertCloses(other);
        }
    }

    @Test
    void reservedPortIsTheNextOne() throws IOException {
        AllocateOptions even = DEFAULTS.withPort(new AllocateOptions.EvenPortWanted(true));
        try (Coturn coturn = Coturn.start(folder);
                LoopbackTurn rtp =
                        LoopbackTurn.overUdp(coturn.address(), Coturn.USER).allocate(even);
                LoopbackTurn rtcp = LoopbackTurn.overUdp(coturn.address(), Coturn.USER)) {
            TurnEvent.Allocated allocated = (TurnEvent.Allocated) rtp.events.get(0);
            long token = allocated.reservation().orElseThrow();

            rtcp.allocate(DEFAULTS.withPort(new AllocateOptions.ReservedPort(token)));

            assertThat(rtp.relayed().port() % 2).isZero();
            assertThat(rtcp.relayed().port()).isEqualTo(rtp.relayed().port() + 1);
        }
    }

    @Test
    void wrongPasswordIsRefused() throws IOException {
        LongTermCredential wrong = new LongTermCredential(Coturn.USER.username(), "looking-glass");
        try (Coturn coturn = Coturn.start(folder);
                LoopbackTurn client =
                        LoopbackTurn.overUdp(coturn.address(), wrong).allocate(DEFAULTS)) {
            assertThat(client.events)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TurnEvent.AllocationFailed.class,
                            failed -> assertThat(failed.failure().refusal()).contains(TurnError.UNAUTHENTICATED));
        }
    }

    @Test
    void familyThatTheServerDoesNotRelayIsRefused() throws IOException {
        AllocateOptions ipv6 = DEFAULTS.withFamilies(AllocateOptions.Families.IPV6);
        try (Coturn coturn = Coturn.start(folder);
                LoopbackTurn client =
                        LoopbackTurn.overUdp(coturn.address(), Coturn.USER).allocate(ipv6)) {
            assertThat(client.events)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TurnEvent.AllocationFailed.class,
                            failed -> assertThat(failed.failure().refusal())
                                    .contains(TurnError.ADDRESS_FAMILY_NOT_SUPPORTED));
        }
    }

    @Test
    void deniedPeerIsRefusedAndTheOthersStay() throws IOException {
        TransportAddress denied = TransportAddress.parse("127.0.0.9:9").orElseThrow();
        try (Coturn coturn = Coturn.start(folder, "--denied-peer-ip", "127.0.0.9");
                LoopbackTurn client =
                        LoopbackTurn.overUdp(coturn.address(), Coturn.USER).allocate(DEFAULTS)) {
            client.permit(client.relayed());

            client.client.permit(denied.ip(), System.nanoTime(), client);
            client.await(() -> client.events.size() == 3);

            assertThat(client.events.get(2))
                    .isInstanceOfSatisfying(
                            TurnEvent.PermissionFailed.class,
                            failed -> assertThat(failed.failure().refusal()).contains(TurnError.FORBIDDEN));
            client.send(client.relayed(), "to itself");
            client.awaitData(client.relayed(), "to itself");
        }
    }

    @Test
    void staleNonceIsReplaced() throws IOException {
        try (Coturn coturn = Coturn.start(folder, "--stale-nonce=1");
                LoopbackTurn client =
                        LoopbackTurn.overUdp(coturn.address(), Coturn.USER).allocate(DEFAULTS)) {
            int host = 1;
            int before;
            do {
                before = client.transmitted;
                client.permit(new TransportAddress(IpAddress.v4(0x7F000100 + host), 9));
                host++;
            } while (client.transmitted == before + 1);

            // One request, a 438 with a fresh nonce, and the request again.
            assertThat(client.transmitted).isEqualTo(before + 2);
        }
    }

    private static void assertCloses(LoopbackTurn client) {
        client.client.close(System.nanoTime(), client);
        client.await(() -> client.events.contains(new TurnEvent.Closed()));

        assertThat(client.client.relayed()).isEmpty();
        assertThat(client.client.nextDeadlineNanos()).isEmpty();
    }
}
