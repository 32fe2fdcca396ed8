package dev.culvert.relay.demo;

import dev.culvert.ice.turn.LongTermCredential;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.ice.vertx.TurnConnection;
import dev.culvert.ice.vertx.TurnException;
import dev.culvert.ice.vertx.TurnOptions;
import dev.culvert.ice.vertx.TurnServerAddress;
import dev.culvert.relay.io.RelayService;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Help.Ansi;

/** Two clients talk through a TURN server, all in this process, and every step is told. */
public final class Demo {
    private static final int FAILED = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MIN_RELAY_PORT = 49152;
    private static final int MAX_RELAY_PORT = 65535;

    /** RFC 1918: an address inside some organization, as no relay should open it to outsiders. */
    private static final IpAddress INSIDER = IpAddress.parse("10.0.0.7").orElseThrow();

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
    private final DemoServer server;
    private final Story story;

    private Demo(DemoServer server, Story story) {
        this.server = server;
        this.story = story;
    }

    /**
     * Runs the demo.
     *
     * @param out where the story goes
     * @param err where one line goes if a step does not go well
     * @param style whether colours are used
     * @return the exit code: 0, or 1 after a step that did not go well
     */
    public static int run(PrintWriter out, PrintWriter err, Ansi style) {
        return run(out, err, style, new DemoServer(MIN_RELAY_PORT, MAX_RELAY_PORT));
    }

    static int run(PrintWriter out, PrintWriter err, Ansi style, DemoServer server) {
        Demo demo = new Demo(server, new Story(out, style));
        try {
            demo.play();
            return 0;
        } catch (Exception e) {
            err.println("turn-relay demo: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            err.flush();
            return FAILED;
        } finally {
            demo.vertx.close().await();
        }
    }

    private void play() throws Exception {
        story.introduce();
        RelayService relay = startServer();
        TurnConnection alice = openAlice(relay);
        TurnConnection bob = openBob(relay);
        permit(alice, bob);
        exchange(alice, bob);
        refuseInsider(alice);
        end(relay, alice, bob);
        story.conclude();
    }

    private RelayService startServer() throws Exception {
        story.chapter("A TURN server starts.");
        RelayService relay = await(server.start(vertx), "the start of the server");
        story.tell("server listens on " + String.join(" and ", relay.listening()));
        story.tell("server knows the users alice and bob, each with a random password");
        return relay;
    }

    private TurnConnection openAlice(RelayService relay) throws Exception {
        story.chapter(
                "Alice asks for a relayed address, over UDP.",
                "The server first wants to know who asks; then it opens a port on Alice's behalf.");
        return open("alice", server.alice(), DemoServer.address(relay, PacketTap.Transport.UDP));
    }

    private TurnConnection openBob(RelayService relay) throws Exception {
        story.chapter(
                "Bob asks for one too, over TCP.", "His network blocks UDP, say; what is relayed is UDP all the same.");
        return open("bob", server.bob(), DemoServer.address(relay, PacketTap.Transport.TCP));
    }

    private TurnConnection open(String name, LongTermCredential credential, TurnServerAddress address)
            throws Exception {
        TurnOptions options = TurnOptions.defaults().withTimeout(PATIENCE).withTap(story.tap(name));
        return await(TurnConnection.open(vertx, address, credential, options), "the allocation of " + name);
    }

    private void permit(TurnConnection alice, TurnConnection bob) throws Exception {
        story.chapter(
                "Each lets the other in.",
                "A relayed address takes nothing from anybody whom its owner has not named.",
                "Alice also binds a channel to Bob: 4 bytes of header on each packet instead of 36 or more.");
        await(alice.permit(bob.relayed().ip()), "the permission of alice");
        await(bob.permit(alice.relayed().ip()), "the permission of bob");
        await(alice.bindChannel(bob.relayed()), "the channel of alice");
    }

    private void exchange(TurnConnection alice, TurnConnection bob) throws Exception {
        story.chapter(
                "They talk.",
                "Alice's packet goes to the server, from her relayed address " + alice.relayed(),
                "to Bob's, " + bob.relayed() + ", and from there down to Bob. The answer comes the same way.");
        say(alice, bob, "Hello Bob, can you hear me?");
        say(bob, alice, "Loud and clear, Alice.");
    }

    private void say(TurnConnection from, TurnConnection to, String text) throws Exception {
        Promise<String> heard = Promise.promise();
        to.dataHandler((peer, data) -> {
            if (peer.equals(from.relayed())) {
                heard.tryComplete(StandardCharsets.UTF_8.decode(data).toString());
            }
        });
        ByteBuffer payload = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        await(from.send(to.relayed(), payload), "the sending of data");
        String arrived = await(heard.future(), "data from " + from.relayed());
        if (!arrived.equals(text)) {
            throw new DemoException("other data came than were sent: " + arrived);
        }
    }

    private void refuseInsider(TurnConnection alice) throws Exception {
        story.chapter(
                "Alice tries to reach " + INSIDER + ", and may not.",
                "A relay that opened the inside of its own network to outsiders would be a hole in the wall.",
                "Addresses that are not public are refused until the operator allows them.");
        Future<Void> permission = alice.permit(INSIDER);
        try {
            await(permission, "the answer about " + INSIDER);
        } catch (TurnException e) {
            if (e.failure().refusal().filter(TurnError.FORBIDDEN::equals).isPresent()) {
                return;
            }
            throw e;
        }
        throw new DemoException("the server let " + INSIDER + " in, which it should refuse");
    }

    private void end(RelayService relay, TurnConnection alice, TurnConnection bob) throws Exception {
        story.chapter("Both give their addresses back, and the server stops.");
        await(alice.shutdown(), "the farewell of alice");
        await(bob.shutdown(), "the farewell of bob");
        await(relay.close(), "the end of the server");
        story.tell("server has closed all its ports");
    }

    private static <T> T await(Future<T> future, String what) throws Exception {
        try {
            return future.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DemoException(what + " did not come within " + PATIENCE.toSeconds()
                    + " s; check that nothing blocks traffic on 127.0.0.1");
        }
    }

    /** A step that did not go as it should. */
    private static final class DemoException extends Exception {
        private static final long serialVersionUID = 1;

        DemoException(String message) {
            super(message);
        }
    }
}
