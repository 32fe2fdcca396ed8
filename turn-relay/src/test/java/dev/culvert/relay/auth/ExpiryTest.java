package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.REALM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.stun.StunMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    @Test
    void expiredCredentialIsRefusedUnlessItsAllocationRuns() {
        SharedSecret secret = SharedSecret.of("north");
        ServerSide rest = ServerSide.with(SharedSecrets.of(REALM, List.of(secret)));
        IssuedCredential issued = secret.issue("carol", rest.epochSeconds() + 60);
        LongTermClient client = LongTermClient.ofRfc5389(issued.username(), issued.password());
        rest.challenge(client);
        Credential established = ((Authenticated) rest.receive(client.request())).credential();
        rest.advance(Duration.ofSeconds(59));
        assertThat(rest.receive(client.request())).isInstanceOf(Authenticated.class);
        rest.advance(Duration.ofSeconds(1));

        assertThat(((Refused) rest.receive(client.request())).reason()).isEqualTo(Reason.EXPIRED_CREDENTIAL);
        assertThat(onAllocationOf(established, rest, client.request())).isInstanceOf(Authenticated.class);
        Credential other = Credential.ofPassword("dora", REALM, "x");
        assertThat(((Refused) onAllocationOf(other, rest, client.request())).reason())
                .isEqualTo(Reason.EXPIRED_CREDENTIAL);
        rest.authenticator.replaceCredentials(SharedSecrets.of(REALM, List.of(SharedSecret.of("south"))));
        assertThat(((Refused) onAllocationOf(established, rest, client.request())).reason())
                .isEqualTo(Reason.WRONG_PASSWORD);
    }

    private static Authentication onAllocationOf(Credential established, ServerSide server, StunMessage request) {
        return server.authenticator.authenticate(
                request, ServerSide.FLOW, established, server.clock.nowNanos(), server.epochSeconds());
    }
}
