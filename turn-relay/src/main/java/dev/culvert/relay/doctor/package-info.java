/** {@code turn-relay doctor}: what a machine and a configuration will make go wrong. */
@NullMarked
package dev.culvert.relay.doctor;

import org.jspecify.annotations.NullMarked;
