/** Turns the configuration of coturn into one of this server. */
@NullMarked
package dev.culvert.relay.convert;

import org.jspecify.annotations.NullMarked;
