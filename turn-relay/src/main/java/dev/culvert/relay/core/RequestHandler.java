package dev.culvert.relay.core;

import dev.culvert.relay.auth.Authentication;
import dev.culvert.relay.auth.Authentication.Authenticated;
import dev.culvert.relay.auth.Authentication.NeedCredential;
import dev.culvert.relay.auth.Authentication.Reason;
import dev.culvert.relay.auth.Authentication.Refused;
import dev.culvert.relay.core.Answer.ErrorReply;
import dev.culvert.relay.core.RelayEvent.AllocationRefused;
import dev.culvert.relay.core.RelayEvent.AuthenticationFailed;
import dev.culvert.relay.core.RelayEvent.RequestRefused;
import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.server.core.Counters;
import dev.culvert.server.core.FiveTuple;
import dev.culvert.stun.Attribute;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.StunWriter;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.integrity.IntegrityMac;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests through what all methods have in common (RFC 8656 §5): who sent it, whether it is understood, whose
 * allocation it concerns; and writes the answer. Mutable, owned by one thread.
 *
 * <p>Whoever has not shown who they are gets answers up to the share of their source prefix. A share that is used up
 * must not hurt those of the same prefix who can show it, since anyone may have used it up under forged addresses:
 *
 * <ul>
 *   <li>A request with integrity is checked whatever is left of the share, so that it succeeds if it is right. Only one
 *       whose nonce was not made for its client, or is stale, is dropped unchecked when nothing is left: it could not
 *       succeed, nor would its refusal be sent. Under forged addresses there are no others.
 *   <li>A client with an allocation is always told that its nonce is stale, or a flood would cost it the allocation.
 * </ul>
 *
 * <p>What is left is whoever has a nonce for an address of their own and sends wrong passwords: each costs a MAC, and
 * there is no telling them from their neighbours before it is calculated.
 */
final class RequestHandler {
    /** Room for the longest answer, a 420 with as many attributes as are told. */
    private static final int MAX_ANSWER_LENGTH = 2048;

    private final Supplier<RelaySettings> settings;
    private final Gate gate;
    private final Allocations allocations;
    private final AllocateHandler allocate;
    private final Map<Integer, AllocationHandler> handlers;
    private final Counters<RelayCounter> counters;
    private final Counters<RefusalReason> refusals;
    private final IntegrityMac mac = new IntegrityMac();
    private final StunWriter writer = new StunWriter();
    private final ByteBuffer reply = ByteBuffer.allocateDirect(MAX_ANSWER_LENGTH);

    /** By method, for tests of clients. */
    private Map<Integer, Integer> refused = Map.of();

    RequestHandler(
            Supplier<RelaySettings> settings,
            Gate gate,
            Allocations allocations,
            AllocateHandler allocate,
            Peers peers,
            Counters<RelayCounter> counters,
            Counters<RefusalReason> refusals) {
        this.settings = settings;
        this.gate = gate;
        this.allocations = allocations;
        this.allocate = allocate;
        this.counters = counters;
        this.refusals = refusals;
        this.handlers = Map.of(
                StunMethod.REFRESH, new RefreshHandler(settings, allocations),
                StunMethod.CREATE_PERMISSION, new CreatePermissionHandler(settings, allocations, peers),
                StunMethod.CHANNEL_BIND, new ChannelBindHandler(settings, allocations, peers));
    }

    void refuse(Map<Integer, Integer> codesByMethod) {
        refused = Map.copyOf(codesByMethod);
    }

    /** Handles a request; false where its method is none of TURN's, so that it is silently discarded. */
    boolean handle(FiveTuple flow, StunMessage request, long nowNanos, long epochSeconds, RelayOutput out) {
        boolean isSupported = request.method() == StunMethod.ALLOCATE || handlers.containsKey(request.method());
        // RFC 8489 §6.3: a message whose method is not supported is silently discarded.
        if (!isSupported) {
            return false;
        }
        boolean hasIntegrity = request.has(MessageIntegrity.TYPE) || request.has(MessageIntegritySha256.TYPE);
        // Before any work is done for those who have nothing to show; others are asked for their share when refused.
        if (!hasIntegrity && !isAdmitted(flow, request, nowNanos)) {
            return true;
        }
        Allocation allocation = allocations.find(flow);
        if (hasIntegrity && allocation == null && gate.isFutile(request, flow, nowNanos, epochSeconds)) {
            drop(request);
            return true;
        }
        Authentication authentication =
                gate.authenticate(request, flow, allocation == null ? null : allocation.owner, nowNanos, epochSeconds);
        if (authentication instanceof Authenticated authenticated) {
            Request known = new Request(flow, request, authenticated.credential(), nowNanos, epochSeconds, out);
            OptionalLong id = allocation == null ? OptionalLong.empty() : OptionalLong.of(allocation.id);
            answer(known, answer(known, allocation), id, authenticated);
        } else if (authentication instanceof Refused refused) {
            boolean isAdmittedAlready = !hasIntegrity;
            boolean isOwed = allocation != null && refused.reason() == Reason.STALE_NONCE;
            if (isAdmittedAlready || isOwed || isAdmitted(flow, request, nowNanos)) {
                refuse(flow, request, refused, epochSeconds, out);
            }
        } else {
            await(authentication, out);
        }
        return true;
    }

    private boolean isAdmitted(FiveTuple flow, StunMessage request, long nowNanos) {
        if (!gate.admits(flow, nowNanos)) {
            drop(request);
            return false;
        }
        counters.add(RelayCounter.UNAUTHENTICATED_REQUEST_BYTES, request.lengthBytes());
        return true;
    }

    private void drop(StunMessage request) {
        counters.add(RelayCounter.UNAUTHENTICATED_REQUEST_BYTES, request.lengthBytes());
        counters.increment(RelayCounter.RATE_LIMITED);
        refusals.increment(RefusalReason.RATE);
    }

    private void await(Authentication authentication, RelayOutput out) {
        counters.increment(RelayCounter.WAITING_FOR_CREDENTIAL);
        if (authentication instanceof NeedCredential needed) {
            out.needCredential(needed);
        }
    }

    private void refuse(FiveTuple flow, StunMessage request, Refused refused, long epochSeconds, RelayOutput out) {
        boolean isChallenge = refused.reason() == Reason.CHALLENGED;
        counters.increment(isChallenge ? RelayCounter.CHALLENGES : RelayCounter.AUTHENTICATION_FAILURES);
        if (!isChallenge) {
            refusals.increment(RefusalReason.of(refused.reason()));
        }
        reply.clear();
        writer.beginReply(reply, MessageClass.ERROR_RESPONSE, request);
        refused.write(writer);
        int length = send(flow, request, out);
        counters.add(RelayCounter.UNAUTHENTICATED_ANSWER_BYTES, length);
        if (!isChallenge && isFailureOfSender(flow, request, refused.reason(), epochSeconds)) {
            out.onEvent(new AuthenticationFailed(flow, refused.reason()));
        }
    }

    /**
     * Nonces age with everybody. And what comes from a forged address is not told, or whoever forges it would have its
     * owner locked out: over UDP a nonce that was made for the address shows that its owner sends.
     */
    private boolean isFailureOfSender(FiveTuple flow, StunMessage request, Reason reason, long epochSeconds) {
        if (reason == Reason.STALE_NONCE || reason == Reason.FOREIGN_NONCE) {
            return false;
        }
        return flow.transport() != Transport.UDP || gate.hasGoodNonce(request, flow, epochSeconds);
    }

    private Answer answer(Request request, @Nullable Allocation allocation) {
        boolean canForbidFragments = request.out().canForbidFragments();
        Optional<Attribute> unknown = RequestCheck.unknownAttributes(request.message(), canForbidFragments);
        // RFC 8489 §6.3.1: unknown comprehension-required attributes are told in a 420, after the authentication.
        if (unknown.isPresent()) {
            Refusal why = new Refusal(RefusalReason.UNKNOWN_ATTRIBUTE, RequestCheck.words(unknown.get()));
            return new ErrorReply(420, List.of(unknown.get()), why);
        }
        Integer refusedAs = refused.get(request.message().method());
        if (refusedAs != null) {
            return ErrorReply.of(refusedAs, RefusalReason.BAD_REQUEST, "a test wants it refused");
        }
        AllocationHandler handler = handlers.get(request.message().method());
        if (handler == null) {
            return allocate.answer(request);
        }
        // RFC 8656 §5: without an allocation, all but Allocate is a 437.
        if (allocation == null) {
            return ErrorReply.of(437, RefusalReason.ALLOCATION_MISMATCH, "the client has no allocation");
        }
        // RFC 8656 §5: another username than that of the Allocate request is a 441.
        if (!allocation.isOwnedBy(request.credential())) {
            return ErrorReply.of(441, RefusalReason.OTHER_USER, "the allocation is another user's");
        }
        // RFC 8656 §10.2, §12.2: what does not decode is a 400.
        return RequestCheck.isUndecodable(request.message())
                ? ErrorReply.badRequest("an attribute does not decode")
                : handler.answer(request, allocation);
    }

    private void answer(Request request, Answer answer, OptionalLong allocation, Authenticated authenticated) {
        boolean isError = answer instanceof ErrorReply;
        StunMessage message = request.message();
        reply.clear();
        writer.beginReply(reply, isError ? MessageClass.ERROR_RESPONSE : MessageClass.SUCCESS_RESPONSE, message);
        answer.attributes().forEach(writer::add);
        // RFC 8656 §5: SOFTWARE in all answers to Allocate and Refresh.
        boolean namesSoftware = message.method() == StunMethod.ALLOCATE || message.method() == StunMethod.REFRESH;
        if (namesSoftware && !settings.get().software().isEmpty()) {
            writer.add(new Software(settings.get().software()));
        }
        // RFC 8489 §9.2.4: answers to authenticated requests carry integrity, errors among them.
        if (gate.protectsAnswers()) {
            authenticated.sign(writer, mac);
        }
        send(request.flow(), message, request.out());
        counters.increment(isError ? RelayCounter.ERROR_ANSWERS : RelayCounter.SUCCESS_ANSWERS);
        if (answer instanceof ErrorReply error) {
            tell(request, error, allocation);
        }
    }

    private void tell(Request request, ErrorReply error, OptionalLong allocation) {
        refusals.increment(error.why().reason());
        String username = request.credential().username();
        int method = request.message().method();
        if (method == StunMethod.ALLOCATE) {
            counters.increment(RelayCounter.ALLOCATIONS_REFUSED);
            request.out().onEvent(new AllocationRefused(request.flow(), username, error.code(), error.why()));
            return;
        }
        request.out()
                .onEvent(new RequestRefused(request.flow(), username, allocation, method, error.code(), error.why()));
    }

    /** Sends what was written and returns its length. A FINGERPRINT is echoed by one of our own. */
    private int send(FiveTuple flow, StunMessage request, RelayOutput out) {
        if (request.has(Fingerprint.TYPE)) {
            writer.fingerprint();
        }
        reply.flip();
        int length = reply.remaining();
        out.reply(flow, reply);
        return length;
    }
}
