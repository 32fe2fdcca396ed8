/** {@code turn-relay demo}: a server and two clients that tell every step. */
@NullMarked
package dev.culvert.relay.demo;

import org.jspecify.annotations.NullMarked;
