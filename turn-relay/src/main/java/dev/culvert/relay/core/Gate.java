package dev.culvert.relay.core;

import dev.culvert.relay.auth.Authentication;
import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authenticator;
import dev.culvert.relay.auth.Credential;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.server.core.SourceRateLimiter;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.integrity.IntegrityKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may ask a {@link TurnServer} for anything. Owned by one thread. */
public sealed interface Gate {
    /** Whoever has a long-term credential; others are challenged, as often as {@code limiter} admits. */
    static Gate of(Authenticator authenticator, SourceRateLimiter limiter) {
        return new LongTerm(authenticator, limiter);
    }

    /** Everybody, for a test bench. Each client address is a user of its own. */
    static Gate insecureOpen() {
        return new Open();
    }

    /** Checks who sent {@code request}; {@code established} owns the allocation of {@code flow}. */
    Authentication authenticate(
            StunMessage request, FiveTuple flow, @Nullable Credential established, long nowNanos, long epochSeconds);

    /** Whether the client of {@code flow} may have one more answer without having shown who it is. */
    boolean admits(FiveTuple flow, long nowNanos);

    /**
     * Whether checking a request with integrity is a waste: it can only be refused, for its nonce, and {@link #admits}
     * would leave it without an answer.
     */
    boolean isFutile(StunMessage request, FiveTuple flow, long nowNanos, long epochSeconds);

    /** Whether {@code request} carries a fresh nonce that was sent to the client of {@code flow}. */
    boolean hasGoodNonce(StunMessage request, FiveTuple flow, long epochSeconds);

    /** Whether answers to authenticated requests carry integrity. */
    boolean protectsAnswers();

    /** The gate of every server that faces a network. */
    record LongTerm(Authenticator authenticator, SourceRateLimiter limiter) implements Gate {
        @Override
        public Authentication authenticate(
                StunMessage request,
                FiveTuple flow,
                @Nullable Credential established,
                long nowNanos,
                long epochSeconds) {
            return authenticator.authenticate(request, flow, established, nowNanos, epochSeconds);
        }

        @Override
        public boolean admits(FiveTuple flow, long nowNanos) {
            return limiter.admits(flow.remote().ip(), nowNanos);
        }

        @Override
        public boolean isFutile(StunMessage request, FiveTuple flow, long nowNanos, long epochSeconds) {
            return !limiter.hasToken(flow.remote().ip(), nowNanos) && !hasGoodNonce(request, flow, epochSeconds);
        }

        @Override
        public boolean hasGoodNonce(StunMessage request, FiveTuple flow, long epochSeconds) {
            return authenticator.hasGoodNonce(request, flow, epochSeconds);
        }

        @Override
        public boolean protectsAnswers() {
            return true;
        }
    }

    /** No gate at all. */
    record Open() implements Gate {
        private static final IntegrityKey NO_KEY = IntegrityKey.of(new byte[1]);

        @Override
        public Authentication authenticate(
                StunMessage request,
                FiveTuple flow,
                @Nullable Credential established,
                long nowNanos,
                long epochSeconds) {
            String name = flow.remote().ip().toString();
            Credential anybody = new Credential(name, name, Map.of(PasswordAlgorithm.MD5, NO_KEY), Credential.NEVER);
            return new Authenticated(anybody, NO_KEY, false);
        }

        @Override
        public boolean admits(FiveTuple flow, long nowNanos) {
            return true;
        }

        @Override
        public boolean isFutile(StunMessage request, FiveTuple flow, long nowNanos, long epochSeconds) {
            return false;
        }

        @Override
        public boolean hasGoodNonce(StunMessage request, FiveTuple flow, long epochSeconds) {
            return false;
        }

        @Override
        public boolean protectsAnswers() {
            return false;
        }
    }
}
