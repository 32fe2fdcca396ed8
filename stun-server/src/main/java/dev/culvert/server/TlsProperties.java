package dev.culvert.server;

/** What the JDK's TLS can be told by system properties alone, for the whole program and before its first use. */
final class TlsProperties {
    private TlsProperties() {}

    /** Closes the ways in which one client makes a handshake dear; what the operator set stays. */
    static void restrict() {
        // A key exchange in a finite field of 8192 bits, which a client may choose, keeps an event loop for tens of
        // milliseconds.
        setIfAbsent("jdk.tls.namedGroups", "x25519,secp256r1,secp384r1,secp521r1,ffdhe2048");
        // Else one connection, counted once, asks for handshakes without end.
        setIfAbsent("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
