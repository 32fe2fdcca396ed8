/** The TURN server as a program: its command line. */
@NullMarked
package dev.culvert.relay;

import org.jspecify.annotations.NullMarked;
