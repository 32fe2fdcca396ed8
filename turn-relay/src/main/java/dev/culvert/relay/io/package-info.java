/** The TURN server on sockets: the shell around {@link dev.culvert.relay.core}. */
@NullMarked
package dev.culvert.relay.io;

import org.jspecify.annotations.NullMarked;
