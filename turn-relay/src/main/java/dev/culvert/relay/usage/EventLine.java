package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.relay.usage.UsageEvent.Weight;
import java.util.Arrays;

/**
 * An event as JSON, without a line feed.
 *
 * @param json an object with at least one field; not to be changed
 */
record EventLine(byte[] json, Weight weight) {
    /** The same with the number of events before it that its reader will miss; itself where there are none. */
    EventLine telling(long lost) {
        if (lost == 0) {
            return this;
        }
        byte[] more = (",\"lost\":" + lost + "}").getBytes(US_ASCII);
        byte[] longer = Arrays.copyOf(json, json.length - 1 + more.length);
        System.arraycopy(more, 0, longer, json.length - 1, more.length);
        return new EventLine(longer, weight);
    }

    /** With the line feed behind it. */
    int lengthBytes() {
        return json.length + 1;
    }
}
