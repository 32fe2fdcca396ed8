package dev.culvert.ice;

/**
 * A local UDP socket, as the shell numbers them.
 *
 * @param number unique within one shell
 */
public record SocketId(int number) {
    @Override
    public String toString() {
        return "socket " + number;
    }
}
