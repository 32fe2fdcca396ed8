package dev.culvert.ice.gather;

import dev.culvert.ice.StunReply;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a server where it sees a socket of this host. Mutable, owned by one thread. */
final class BindingTask extends GatherTask implements StunTransactionHandler {
    private final TransportAddress server;
    private int requests;

    BindingTask(
            Gathering gathering,
            BaseSocket socket,
            GatherSource source,
            int sourceRank,
            TransportAddress server,
            @Nullable GatherTask lower) {
        super(gathering, socket, source, sourceRank, lower);
        this.server = server;
    }

    /** Where the server says it sees the sender. */
    static Optional<TransportAddress> mappedIn(StunMessage message) {
        // RFC 8445 §5.1.1.2: servers that know RFC 3489 only are supported, too.
        return message.get(XorMappedAddress.TYPE)
                .map(XorMappedAddress::address)
                .or(() -> message.get(MappedAddress.TYPE).map(MappedAddress::address));
    }

    @Override
    String server() {
        return server.ip().toString();
    }

    @Override
    String transport() {
        return Candidate.UDP;
    }

    @Override
    int roundTrips() {
        return 1;
    }

    @Override
    int requests() {
        return requests;
    }

    @Override
    void run(long nowNanos) {
        gathering().sendBinding(socket(), server, this, nowNanos);
    }

    @Override
    public void onAnswer(StunRequest request, StunReply answer, StunTransaction transaction) {
        requests = transaction.sent();
        long nowNanos = answer.receivedNanos();
        if (answer.message().messageClass() == MessageClass.ERROR_RESPONSE) {
            // RFC 8445 §5.1.1.2: ALTERNATE-SERVER in the response to a Binding request is ignored.
            GatherFailure refused = answer.message()
                    .get(ErrorCode.TYPE)
                    .<GatherFailure>map(GatherFailure.Refused::new)
                    .orElse(new GatherFailure.Unusable("an error without a code"));
            fail(refused, nowNanos);
            return;
        }
        Optional<TransportAddress> mapped = mappedIn(answer.message());
        if (mapped.isEmpty()) {
            fail(new GatherFailure.Unusable("no mapped address"), nowNanos);
            return;
        }
        offer(CandidateType.SRFLX, mapped.get(), socket().local(), nowNanos);
        if (!mapped.get().equals(socket().local())) {
            gathering().keepAlive(new Keepalive(this, server, mapped.get(), false, nowNanos));
        }
        succeed(nowNanos, transaction.roundTrip().isPresent());
    }

    @Override
    public void onSilence(StunRequest request, StunTransaction transaction) {
        requests = transaction.sent();
        fail(new GatherFailure.Silence(requests), gathering().nowNanos());
    }
}
