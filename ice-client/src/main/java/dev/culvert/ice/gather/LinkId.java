package dev.culvert.ice.gather;

/**
 * A TCP or TLS connection to a TURN server, as the gatherer numbers them.
 *
 * @param number unique within one gatherer
 */
public record LinkId(int number) {
    @Override
    public String toString() {
        return "connection " + number;
    }
}
