/** What an operator of a TURN server asks and tells it over HTTP. */
@NullMarked
package dev.culvert.relay.admin;

import org.jspecify.annotations.NullMarked;
