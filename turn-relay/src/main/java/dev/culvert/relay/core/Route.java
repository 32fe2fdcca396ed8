package dev.culvert.relay.core;

import dev.culvert.server.core.FiveTuple;

/** Where application data from a peer goes. Lives as long as what it stands for; keep it no longer than one packet. */
public sealed interface Route permits ChannelBinding, Permission {
    /** The channel of a Data indication, which has none. */
    int NO_CHANNEL = 0;

    /** The client. */
    FiveTuple client();

    /** The way back to the client, from {@link RelayOutput#attach}. */
    ClientHandle handle();

    /** The channel on which the data go, or {@link #NO_CHANNEL} where they go in a Data indication. */
    int channel();
}
