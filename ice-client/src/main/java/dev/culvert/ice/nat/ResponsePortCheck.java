package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Asks the server, from one socket, to answer at the mapping of another (RFC 5780 §4.6): three sends within 200 ms.
 * Owned by one thread.
 */
final class ResponsePortCheck {
    static final int SENDS = 3;
    static final Duration PAUSE = Duration.ofMillis(100);

    /** From the last send on; longer than any usual round trip. */
    static final Duration WAIT = Duration.ofMillis(1500);

    /** What came of it. */
    enum Result {
        WAITING,
        /** The answer came where it was to come: the mapping lives. */
        ARRIVED,
        /** Another of our sockets has the port by now: the mapping is gone. */
        ELSEWHERE,
        /** The server answered where the request came from, as if RESPONSE-PORT had not been there. */
        IGNORED,
        /** The server answered with an error. */
        REFUSED,
        SILENT
    }

    private final SocketId asker;
    private final SocketId target;
    private final int port;
    private final Consumer<ResponsePortCheck> whenEnded;
    private Result result = Result.WAITING;
    private int sent;

    ResponsePortCheck(SocketId asker, SocketId target, int port, Consumer<ResponsePortCheck> whenEnded) {
        this.asker = asker;
        this.target = target;
        this.port = port;
        this.whenEnded = whenEnded;
    }

    Result result() {
        return result;
    }

    boolean hasEnded() {
        return result != Result.WAITING;
    }

    int sent() {
        return sent;
    }

    void onSent() {
        sent++;
    }

    /** Takes in what came with this check's transaction id from where the request was sent. */
    void onMessage(SocketId socket, StunMessage message) {
        if (message.messageClass() == MessageClass.ERROR_RESPONSE) {
            end(Result.REFUSED);
        } else if (message.messageClass() == MessageClass.SUCCESS_RESPONSE) {
            end(resultOf(socket, message));
        }
    }

    private Result resultOf(SocketId socket, StunMessage message) {
        if (socket.equals(target)) {
            return Result.ARRIVED;
        }
        // RFC 5780 §4.6: at the asking socket, the NAT has given the old port to it.
        boolean hasThatPort = BindingExchange.mappedIn(message)
                .map(TransportAddress::port)
                .filter(mapped -> mapped == port)
                .isPresent();
        return socket.equals(asker) && !hasThatPort ? Result.IGNORED : Result.ELSEWHERE;
    }

    void onSilence() {
        end(Result.SILENT);
    }

    private void end(Result ended) {
        if (result == Result.WAITING) {
            result = ended;
            whenEnded.accept(this);
        }
    }
}
