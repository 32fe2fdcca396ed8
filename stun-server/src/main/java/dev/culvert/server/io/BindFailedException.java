package dev.culvert.server.io;

import dev.culvert.server.config.ServerConfig.Transport;
import dev.culvert.stun.TransportAddress;
import java.util.Locale;

/** A listener could not be opened; the message names transport, address, port and the reason. */
public final class BindFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BindFailedException(Transport transport, TransportAddress address, Throwable cause) {
        super(
                "cannot listen on " + transport.name().toLowerCase(Locale.ROOT) + " " + address + ": "
                        + cause.getMessage(),
                cause);
    }
}
