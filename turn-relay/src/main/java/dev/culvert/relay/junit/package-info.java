/** Gives a JUnit test a TURN server. Needs JUnit Jupiter 5.13 or newer, which whoever writes the test has. */
@NullMarked
package dev.culvert.relay.junit;

import org.jspecify.annotations.NullMarked;
