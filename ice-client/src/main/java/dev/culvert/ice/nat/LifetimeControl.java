package dev.culvert.ice.nat;

import dev.culvert.ice.SocketId;
import dev.culvert.ice.nat.LifetimeReport.Method;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A mapping that is never left idle, and the socket that asks for answers at others: it shows whether the server can
 * answer to another port, and tells an idle mapping that is gone from answers that are lost. Owned by one thread.
 */
final class LifetimeControl {
    private static final int MAX_ROUNDS = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final IdleSockets sockets;
    private final Duration pause;
    private final Runnable whenReady;
    private SocketId asker = new SocketId(-1);
    private SocketId control = new SocketId(-1);
    private Optional<IpAddress> askerIp = Optional.empty();
    private Optional<TransportAddress> mapped = Optional.empty();
    private Method method = Method.NONE;
    private String why = "";
    private int rounds;
    private boolean stopped;

    LifetimeControl(LifetimePlan plan, IdleSockets sockets, Runnable whenReady) {
        this.sockets = sockets;
        this.whenReady = whenReady;
        Duration half = plan.rungs().get(0).dividedBy(2);
        pause = half.compareTo(LONGEST_PAUSE) < 0 ? half : LONGEST_PAUSE;
    }

    void start() {
        asker = sockets.open();
        control = sockets.open();
        sockets.plain("Y", asker, first -> {
            askerIp = first.mapped().map(TransportAddress::ip);
            if (askerIp.isEmpty()) {
                whenSeen();
                return;
            }
            sockets.plain("C", control, second -> {
                mapped = second.mapped();
                whenSeen();
            });
        });
    }

    private void whenSeen() {
        if (mapped.isEmpty() || askerIp.isEmpty()) {
            why = "the server does not answer";
            whenReady.run();
            return;
        }
        tryResponsePort();
    }

    /** The mapping is surely alive: where no answer comes to it, none would come to an idle one either. */
    private void tryResponsePort() {
        rounds++;
        check(tried -> {
            boolean again = tried.result() == ResponsePortCheck.Result.SILENT && rounds < MAX_ROUNDS;
            if (again) {
                tryResponsePort();
                return;
            }
            method = tried.result() == ResponsePortCheck.Result.ARRIVED ? Method.RESPONSE_PORT : Method.MAPPING_CHANGE;
            why = whyNot(tried.result());
            keepAlive();
            whenReady.run();
        });
    }

    private static String whyNot(ResponsePortCheck.Result result) {
        return switch (result) {
            case ARRIVED, WAITING -> "";
            // RFC 5780 §5: a server that does not know RESPONSE-PORT answers 420.
            case REFUSED -> "the server refuses RESPONSE-PORT (RFC 5780 §7.5)";
            case IGNORED -> "the server ignores RESPONSE-PORT (RFC 5780 §7.5)";
            case ELSEWHERE, SILENT ->
                "no answer came to a port asked for by RESPONSE-PORT, though its mapping was alive";
        };
    }

    private void keepAlive() {
        if (method != Method.RESPONSE_PORT || stopped) {
            return;
        }
        sockets.after(pause, () -> {
            if (!stopped) {
                sockets.plain("C", control, ended -> {
                    mapped = ended.mapped().or(() -> mapped);
                    keepAlive();
                });
            }
        });
    }

    /** Asks for an answer at the mapping that is alive. */
    void check(Consumer<ResponsePortCheck> whenEnded) {
        sockets.check(asker, control, mapped.orElseThrow().port(), whenEnded);
    }

    /** Asks for an answer at {@code idle}, which the server saw at {@code external}. */
    void check(SocketId idle, TransportAddress external, Consumer<ResponsePortCheck> whenEnded) {
        sockets.check(asker, idle, external.port(), whenEnded);
    }

    /** The server answers to the IP address that asks, so that it reaches only mappings on the same one. */
    boolean reaches(TransportAddress external) {
        return askerIp.equals(Optional.of(external.ip()));
    }

    Method method() {
        return method;
    }

    String why() {
        return why;
    }

    Optional<TransportAddress> mapped() {
        return mapped;
    }

    int localPort() {
        return sockets.localPort(control);
    }

    void stop() {
        stopped = true;
    }
}
