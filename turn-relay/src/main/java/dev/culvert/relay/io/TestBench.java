package dev.culvert.relay.io;

import dev.culvert.server.io.LoopService;
import java.util.function.UnaryOperator;

/**
 * What a server does otherwise that tests of clients start. None of it is an option of the program.
 *
 * @param hasPeersOnHost whether the addresses of this host are peers like any others, which only rules allow and deny
 * @param interposed what stands between the sockets and each event loop's share of the server
 */
public record TestBench(boolean hasPeersOnHost, UnaryOperator<LoopService> interposed) {
    /** As the program is. */
    public static final TestBench NONE = new TestBench(false, UnaryOperator.identity());
}
