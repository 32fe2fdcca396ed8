package dev.culvert.ice.gather;

import dev.culvert.ice.StunReply;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.stun.TransportAddress;
import java.util.Optional;

/** Binding requests that keep a NAT's mapping from running out (RFC 8445 §5.1.1.4). Mutable, owned by one thread. */
final class Keepalive implements StunTransactionHandler {
    private final GatherTask task;
    private final TransportAddress server;
    private final TransportAddress mapped;
    private final boolean isOfRelay;
    private long nextNanos;

    /**
     * A keepalive whose first request is due one interval from now.
     *
     * @param mapped where the server sees the socket
     * @param isOfRelay whether the way to the server is itself what is to stay open
     */
    Keepalive(GatherTask task, TransportAddress server, TransportAddress mapped, boolean isOfRelay, long nowNanos) {
        this.task = task;
        this.server = server;
        this.mapped = mapped;
        this.isOfRelay = isOfRelay;
        this.nextNanos = nowNanos + intervalNanos();
    }

    private long intervalNanos() {
        return task.gathering().options().keepalive().toNanos();
    }

    /** Whether {@code other} keeps alive all that this one would. */
    boolean isNeedless(Keepalive other) {
        boolean isOneMapping = other.task.socket() == task.socket() && other.mapped.equals(mapped);
        return isOneMapping && (!isOfRelay || other.server.equals(server));
    }

    long nextNanos() {
        return nextNanos;
    }

    void onTimeout(long nowNanos) {
        if (nextNanos - nowNanos > 0) {
            return;
        }
        nextNanos = nowNanos + intervalNanos();
        task.gathering().transactions().forgetEnded();
        // RFC 8445 §5.1.1.4: bindings are kept alive by additional Binding requests to the server.
        task.gathering().sendBinding(task.socket(), server, this, nowNanos);
    }

    @Override
    public void onAnswer(StunRequest request, StunReply answer, StunTransaction transaction) {
        Optional<TransportAddress> seenAt = BindingTask.mappedIn(answer.message());
        if (seenAt.isPresent() && !seenAt.get().equals(mapped)) {
            GatherFailure moved = new GatherFailure.Moved(seenAt.get());
            task.gathering().lose(task.source(), CandidateType.SRFLX, moved, answer.receivedNanos());
        }
    }

    @Override
    public void onSilence(StunRequest request, StunTransaction transaction) {
        // A server that has gone takes no mapping with it: the requests alone keep it.
    }
}
