/** The shell around the core: event loops, UDP sockets, TCP and TLS listeners. It knows no protocol. */
@NullMarked
package dev.culvert.server.io;

import org.jspecify.annotations.NullMarked;
