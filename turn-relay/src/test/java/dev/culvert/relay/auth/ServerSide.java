package dev.culvert.relay.auth;

import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.integrity.IntegrityMac;
import dev.culvert.testkit.VirtualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** An authenticator in virtual time that answers as a relay would. */
final class ServerSide {
    static final String REALM = "example.org";
    static final FiveTuple FLOW = flow(Transport.UDP, "198.51.100.7:40000");
    static final NonceKeys KEYS = NonceKeys.random(new Random(1));
    static final long START_EPOCH_SECONDS = 1_800_000_000;

    final VirtualClock clock;
    final CredentialCache cache;
    final Authenticator authenticator;
    private final long startNanos;

    private ServerSide(Credentials credentials, CredentialCache cache, VirtualClock clock) {
        this.clock = clock;
        this.startNanos = clock.nowNanos();
        this.cache = cache;
        this.authenticator = new Authenticator(REALM, credentials, cache, new Nonces(KEYS, Nonces.DEFAULT_LIFETIME));
    }

    static ServerSide with(Credentials... credentials) {
        return new ServerSide(
                Credentials.all(List.of(credentials)), CredentialCache.withoutStores(), VirtualClock.startingAt(0));
    }

    static ServerSide with(Credentials credentials, CredentialCache cache, long startNanos) {
        return new ServerSide(credentials, cache, VirtualClock.startingAt(startNanos));
    }

    static StaticUsers users(String... options) {
        try {
            return StaticUsers.ofOptions(REALM, List.of(options));
        } catch (InvalidUsersException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static StaticUsers usersFile(String text) {
        try {
            return StaticUsers.ofFile(REALM, "users.txt", text);
        } catch (InvalidUsersException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static FiveTuple flow(Transport transport, String client) {
        return new FiveTuple(
                transport,
                TransportAddress.parse("203.0.113.5:3478").orElseThrow(),
                TransportAddress.parse(client).orElseThrow());
    }

    void advance(Duration step) {
        clock.advance(step);
    }

    long epochSeconds() {
        return START_EPOCH_SECONDS + (clock.nowNanos() - startNanos) / 1_000_000_000;
    }

    Authentication receive(StunMessage request) {
        return authenticator.authenticate(request, FLOW, clock.nowNanos(), epochSeconds());
    }

    /** The answer to {@code request}: success where it is authenticated. */
    StunMessage answer(StunMessage request) {
        Authentication result = receive(request);
        StunWriter writer = new StunWriter();
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        if (result instanceof Authenticated authenticated) {
            writer.beginReply(buffer, MessageClass.SUCCESS_RESPONSE, request).add(new Lifetime(600));
            authenticated.sign(writer, new IntegrityMac());
            return Messages.view(writer);
        }
        writer.beginReply(buffer, MessageClass.ERROR_RESPONSE, request);
        ((Refused) result).write(writer);
        return Messages.view(writer);
    }

    /** Lets {@code client} be challenged, so that its next request carries its credential. */
    LongTermClient challenge(LongTermClient client) {
        client.onChallenge(answer(client.request()));
        return client;
    }
}
