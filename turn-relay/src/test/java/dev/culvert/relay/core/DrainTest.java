package dev.culvert.relay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.testkit.Rfc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final String PEER = "192.0.2.9:5000";
    private static final TransportAddress V4 = Ask.address("192.0.2.200:3478");
    private static final TransportAddress V6 = Ask.address("[2001:db8:9::200]:3478");

    private final RelayUnderTest relay = new RelayUnderTest();
    private final TestClient alice = TestClient.alice("198.51.100.7:40000");
    private final TestClient bob = TestClient.bob("198.51.100.8:1");
    private final TestClient bobOverIpv6 = TestClient.bob("[2001:db8:7::7]:1");

    private static List<TransportAddress> servers(StunMessage answer) {
        List<TransportAddress> servers = new ArrayList<>();
        answer.all(AlternateServer.TYPE).forEach(server -> servers.add(server.address()));
        return servers;
    }

    private StunMessage sentElsewhere(TestClient client) {
        relay.whenClientSends(client, Ask.allocate());
        return relay.thenRelayRefuses(client, 300);
    }

    @Test
    @Rfc({"8656#7.2 (11)", "8489#14.15", "8489#10 (1)", "8489#10 (2)"})
    void newClientsAreSentToTheAlternateOfTheirFamilyFirst() {
        relay.server.drain(List.of(new Alternate(V4, "turn.example.org"), new Alternate(V6, "turn.example.org")));

        StunMessage toIpv4 = sentElsewhere(bob);
        StunMessage toIpv6 = sentElsewhere(bobOverIpv6);

        assertThat(servers(toIpv4)).containsExactly(V4, V6);
        assertThat(servers(toIpv6)).containsExactly(V6, V4);
        assertThat(toIpv4.get(AlternateDomain.TYPE)).contains(new AlternateDomain("turn.example.org"));
    }

    @Test
    @Rfc("8489#10 (2)")
    void alternateOfAnotherNameIsNotGivenUnderTheName() {
        relay.server.drain(List.of(new Alternate(V4, ""), new Alternate(V6, "turn6.example.org")));

        StunMessage toIpv4 = sentElsewhere(bob);
        StunMessage toIpv6 = sentElsewhere(bobOverIpv6);

        assertThat(servers(toIpv4)).containsExactly(V4);
        assertThat(toIpv4.get(AlternateDomain.TYPE)).isEmpty();
        assertThat(servers(toIpv6)).containsExactly(V6);
        assertThat(toIpv6.get(AlternateDomain.TYPE)).contains(new AlternateDomain("turn6.example.org"));
    }

    @Test
    @Rfc("8489#14.15")
    void clientsOfAFamilyWithoutAlternateAreRefused() {
        relay.server.drain(List.of(new Alternate(V4, "")));

        relay.refuse(bobOverIpv6, Ask.allocate(), 508);
    }

    @Test
    void whereTheOtherServerIsNobodyLearnsWithoutACredential() {
        relay.server.drain(List.of(new Alternate(V4, "")));

        relay.whenClientSends(bob, bob.encode(Ask.allocate()));

        StunMessage answer = relay.thenRelayAnswers(bob);
        assertThat(answer.get(ErrorCode.TYPE).map(ErrorCode::code)).contains(401);
        assertThat(answer.has(AlternateServer.TYPE)).isFalse();
    }

    @Test
    void whatRunsGoesOnUntilItsClientEndsIt() {
        TransportAddress relayed = relay.allocate(alice);

        relay.server.drain(List.of(new Alternate(V4, "")));

        relay.grant(alice, Ask.createPermission(PEER));
        relay.grant(alice, Ask.channelBind(0x4000, PEER));
        for (int i = 0; i < 100; i++) {
            relay.passWithTimers(Duration.ofSeconds(250));
            relay.grant(alice, Ask.refresh(600));
            relay.grant(alice, Ask.channelBind(0x4000, PEER));
            relay.whenClientSends(alice, Ask.sendIndication(PEER, "data"));
            relay.thenRelaySends(relayed, PEER, "data");
            assertThat(relay.isHeard(PEER, relayed)).isTrue();
        }
        relay.refuse(alice, Ask.allocate(), 437);
        relay.grant(alice, Ask.refresh(0));
        relay.refuse(alice, Ask.allocate(), 300);
        relay.thenNothingIsLeft();
    }
}
