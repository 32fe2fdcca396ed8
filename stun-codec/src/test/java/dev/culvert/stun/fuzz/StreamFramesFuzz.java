package dev.culvert.stun.fuzz;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.Octets;
import dev.culvert.stun.PacketKind;
import dev.culvert.stun.StreamFrames;
import dev.culvert.stun.StunMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Any bytes as a stream: however it is cut, the same frames and the same verdict come out, and every frame is one. */
public final class StreamFramesFuzz {
    private static final int MAX_LENGTH = 1000;

    private StreamFramesFuzz() {}

    /** The first byte says into how long pieces the rest is cut. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int pieceLength = 1 + (data[0] & 0x1F);
        List<Octets> whole = new ArrayList<>();
        List<Octets> cut = new ArrayList<>();

        Malformation wholeVerdict = feed(data, data.length, whole);
        Malformation cutVerdict = feed(data, pieceLength, cut);

        if (wholeVerdict != cutVerdict || !whole.equals(cut)) {
            throw new AssertionError(whole + " " + wholeVerdict + " but in pieces " + cut + " " + cutVerdict);
        }
        whole.forEach(StreamFramesFuzz::checkFrame);
    }

    private static Malformation feed(byte[] data, int pieceLength, List<Octets> frames) {
        StreamFrames stream = new StreamFrames(MAX_LENGTH);
        Malformation verdict = Malformation.NONE;
        for (int at = 1; at < data.length; at += pieceLength) {
            ByteBuffer piece = ByteBuffer.wrap(data, at, Math.min(pieceLength, data.length - at));
            verdict = stream.feed(piece, (buffer, offset, length) -> {
                byte[] frame = new byte[length];
                buffer.get(offset, frame);
                frames.add(Octets.of(frame));
            });
        }
        return verdict;
    }

    private static void checkFrame(Octets frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame.toBytes());
        Malformation malformation =
                PacketKind.of(bytes) == PacketKind.STUN ? new StunMessage().wrap(bytes) : new ChannelData().wrap(bytes);
        if (malformation != Malformation.NONE && malformation != Malformation.ATTRIBUTE_OVERRUN) {
            throw new AssertionError(frame + ": " + malformation);
        }
    }
}
