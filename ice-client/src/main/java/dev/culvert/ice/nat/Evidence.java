package dev.culvert.ice.nat;

import dev.culvert.stun.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One request and what came of it.
 *
 * @param test {@code M}, {@code F1}, {@code F2}, {@code F3}, {@code K}, {@code K2}, {@code G1},
 *     {@code G2}, {@code P} or {@code D} (M again)
 * @param localPort the socket's port
 * @param to where the request went
 * @param answerFrom the only source whose answer counts
 * @param change what the request asked the server to change: empty, {@code ip}, {@code port} or {@code ip+port}
 * @param sent how often it was sent
 * @param answered whether an answer from the right source came; {@code strays} tells where it was late
 * @param mapped the mapped address in the answer
 * @param errorCode of an error response
 * @param roundTrip where it is known which send was answered
 * @param receipts how often the server told that it had sent a changed reply
 * @param strays other messages with the same transaction id, in words
 */
public record Evidence(
        String test,
        int localPort,
        TransportAddress to,
        TransportAddress answerFrom,
        String change,
        int sent,
        boolean answered,
        Optional<TransportAddress> mapped,
        Optional<Integer> errorCode,
        Optional<Duration> roundTrip,
        int receipts,
        List<String> strays) {
    public Evidence {
        strays = List.copyOf(strays);
    }
}
