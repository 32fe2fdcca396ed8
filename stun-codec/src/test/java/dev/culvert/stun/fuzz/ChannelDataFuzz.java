package dev.culvert.stun.fuzz;

import dev.culvert.stun.ChannelData;
import dev.culvert.stun.Malformation;
import java.nio.ByteBuffer;

/** Any bytes as ChannelData: nothing throws, and the payload lies within the packet. */
public final class ChannelDataFuzz {
    private static final ChannelData CHANNEL_DATA = new ChannelData();

    private ChannelDataFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        Malformation malformation = CHANNEL_DATA.wrap(ByteBuffer.wrap(data));
        int length = CHANNEL_DATA.payload().remaining();
        int number = CHANNEL_DATA.number();
        if (number < ChannelData.MIN_NUMBER || number > ChannelData.MAX_NUMBER_RFC5766) {
            throw new AssertionError("channel " + number);
        }
        if (malformation == Malformation.NONE && CHANNEL_DATA.payloadOffset() + length > data.length) {
            throw new AssertionError("payload beyond the packet");
        }
        if (malformation != Malformation.NONE && length != 0) {
            throw new AssertionError("a malformed message shows a payload");
        }
    }
}
