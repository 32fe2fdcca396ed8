package dev.culvert.probe.capture;

import dev.culvert.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * One STUN or ChannelData message found in a capture.
 *
 * @param frame the number of the frame in which it ends
 * @param time of that frame
 * @param tcp whether it came over TCP, else over UDP
 * @param source where it came from
 * @param destination where it went
 * @param bytes the message
 */
public record CapturedMessage(
        int frame,
        Instant time,
        boolean tcp,
        TransportAddress source,
        TransportAddress destination,
        ByteBuffer bytes) {}
