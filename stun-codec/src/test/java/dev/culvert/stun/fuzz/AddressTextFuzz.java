package dev.culvert.stun.fuzz;

import dev.culvert.stun.IpAddress;
import dev.culvert.stun.TransportAddress;
import java.nio.charset.StandardCharsets;

/** Any text as an address, with and without port: it is none, or comes back from its own text. */
public final class AddressTextFuzz {
    private AddressTextFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        IpAddress.parse(text).ifPresent(ip -> {
            if (!IpAddress.parse(ip.toString()).orElseThrow().equals(ip)) {
                throw new AssertionError(ip);
            }
        });
        TransportAddress.parse(text).ifPresent(address -> {
            if (!TransportAddress.parse(address.toString()).orElseThrow().equals(address)) {
                throw new AssertionError(address);
            }
        });
    }
}
