package dev.culvert.relay.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.relay.auth.IssuedCredential;
import dev.culvert.relay.config.TurnUris;
import dev.culvert.server.admin.AdminAnswer;
import dev.culvert.server.admin.AdminRequest;
import dev.culvert.server.admin.AdminRoute;
import dev.culvert.server.admin.BadRequestException;
import dev.culvert.server.config.InvalidValueException;
import dev.culvert.server.config.Parsers;
import dev.culvert.stun.integrity.OpaqueString;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Hands out time-limited credentials, as the configuration of a WebRTC client. */
final class CredentialMint {
    private static final int DEFAULT_SECONDS = 3600;
    private static final int MAX_SECONDS = 86_400;
    private static final int MAX_NAME = 200;

    private final RelayDesk relay;
    private final InstantSource clock;

    CredentialMint(RelayDesk relay, InstantSource clock) {
        this.relay = relay;
        this.clock = clock;
    }

    AdminRoute route() {
        return AdminRoute.told("POST", "/credentials", List.of("user", "lifetimeSeconds", "uris"), this::mint);
    }

    /** Whether there is a secret to make them from. */
    boolean works() {
        return relay.issue("", clock.instant().getEpochSecond()).isPresent();
    }

    private AdminAnswer mint(AdminRequest request) throws BadRequestException {
        String user = request.field("user", CredentialMint::user).orElse("");
        int seconds =
                request.field("lifetimeSeconds", Parsers.number(1, MAX_SECONDS)).orElse(DEFAULT_SECONDS);
        List<String> asked = request.fields("uris", TurnUris::parse);
        long expiresAt = clock.instant().plusSeconds(seconds).getEpochSecond();
        Optional<IssuedCredential> issued = relay.issue(user, expiresAt);
        if (issued.isEmpty()) {
            return AdminAnswer.error(
                    409,
                    "no-shared-secret",
                    "this server has no secret to make credentials from; give it --shared-secret-file");
        }
        return AdminAnswer.ok(shown(issued.get(), asked.isEmpty() ? relay.uris() : asked, expiresAt, seconds));
    }

    private static ObjectNode shown(IssuedCredential issued, List<String> uris, long expiresAt, int seconds) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode server = body.putArray("iceServers").addObject();
        uris.forEach(server.putArray("urls")::add);
        server.put("username", issued.username()).put("credential", issued.password());
        body.put("lifetimeSeconds", seconds)
                .put("expiresAt", Instant.ofEpochSecond(expiresAt).toString());
        return body;
    }

    private static String user(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            return text;
        }
        if (text.length() > MAX_NAME) {
            throw new InvalidValueException("too long", "write at most " + MAX_NAME + " characters");
        }
        return OpaqueString.enforce(text)
                .orElseThrow(() -> new InvalidValueException(
                        "has a character that no username has", "leave control characters out"));
    }
}
