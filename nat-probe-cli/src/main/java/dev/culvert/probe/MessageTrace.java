package dev.culvert.probe;

import dev.culvert.ice.vertx.PacketTap;
import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;

/** Prints every message, decoded. */
final class MessageTrace implements PacketTap {
    private final Console console;

    MessageTrace(Console console) {
        this.console = console;
    }

    @Override
    public void onMessage(
            Direction direction,
            Transport transport,
            TransportAddress local,
            TransportAddress remote,
            ByteBuffer bytes) {
        String arrow = direction == Direction.SENT ? " → " : " ← ";
        console.trace(transport + " " + local + arrow + remote + "\n" + MessageText.of(bytes));
    }
}
