/** The packaged TURN server as a process, with clients that others wrote. */
@NullMarked
package dev.culvert.relay.it;

import org.jspecify.annotations.NullMarked;
