/** NAT behaviour discovery (RFC 5780, RFC 4787), by hand: no socket, no clock, no thread. */
@NullMarked
package dev.culvert.ice.nat;

import org.jspecify.annotations.NullMarked;
