/** What an operator tells the TURN server. */
@NullMarked
package dev.culvert.relay.config;

import org.jspecify.annotations.NullMarked;
