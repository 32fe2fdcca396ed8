package dev.culvert.relay.usage;

import java.nio.ByteBuffer;

/**
 * Events at the front of a {@link WebhookQueue}.
 *
 * @param segment the number of the file that holds them
 * @param endBytes where they end in it
 * @param count how many they are
 * @param body what is posted
 */
record EventBatch(long segment, long endBytes, int count, byte[] body) {
    private static final byte[] HEAD = {'{', '"', 'e', 'v', 'e', 'n', 't', 's', '"', ':', '['};
    private static final byte[] TAIL = {']', '}'};

    /**
     * The first whole lines of {@code bytes}, as {@code {"events":[…]}}; no lines at all where there is not one.
     *
     * @param bytes read from {@code beginBytes} of the segment on, between position and limit
     */
    static EventBatch of(long segment, long beginBytes, ByteBuffer bytes, int mostEvents) {
        int begin = bytes.position();
        int end = begin;
        int count = 0;
        for (int at = begin; at < bytes.limit() && count < mostEvents; at++) {
            if (bytes.get(at) == '\n') {
                count++;
                end = at + 1;
            }
        }
        // All line feeds but the last one become commas.
        int contentBytes = Math.max(0, end - begin - 1);
        ByteBuffer body = ByteBuffer.allocate(HEAD.length + contentBytes + TAIL.length);
        body.put(HEAD);
        for (int at = begin; at < begin + contentBytes; at++) {
            byte each = bytes.get(at);
            body.put(each == '\n' ? (byte) ',' : each);
        }
        body.put(TAIL);
        return new EventBatch(segment, beginBytes + end - begin, count, body.array());
    }
}
