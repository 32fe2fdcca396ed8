package dev.culvert.ice.check;

/**
 * What one unauthenticated request brings forth, in bytes of UDP payload: a sender with a forged source address would have
 * it sent to someone else.
 *
 * @param request what was asked
 * @param bytesSent the length of one request
 * @param bytesReceived the length of all that came for it, on the average of those that were answered
 */
public record Amplification(String request, int bytesSent, int bytesReceived) {
    /** How many bytes come for each byte sent. */
    public double factor() {
        return (double) bytesReceived / bytesSent;
    }
}
