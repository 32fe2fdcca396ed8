package dev.culvert.relay.auth;

import static dev.culvert.relay.auth.ServerSide.FLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.testkit.Rfc;
import java.util.List;
import org.junit.jupiter.api.Test;

class RealmTest {
    @Test
    @Rfc("8489#14.9")
    void realmThatIsNoneIsRefusedAtTheStart() {
        for (String realm : List.of("", "a".repeat(128), "a\"b", "\"b", "a\\b", "\\b", "a\u0007b")) {
            assertThatThrownBy(() -> authenticatorOf(realm))
                    .as(realm)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("realm");
        }
        assertThat(authenticatorOf("a".repeat(127))).isNotNull();
        Refused challenge = (Refused) authenticatorOf("cafe\u0301").authenticate(Messages.bare(List.of()), FLOW, 0, 0);
        assertThat(challenge.attributes()).contains(new Realm("caf\u00e9"));
    }

    private static Authenticator authenticatorOf(String realm) {
        return new Authenticator(
                realm,
                Credentials.none(),
                CredentialCache.withoutStores(),
                new Nonces(ServerSide.KEYS, Nonces.DEFAULT_LIFETIME));
    }
}
