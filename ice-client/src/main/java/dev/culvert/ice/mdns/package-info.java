/** Answers multicast DNS for the names that hide host addresses (RFC 6762); sans-IO. */
@NullMarked
package dev.culvert.ice.mdns;

import org.jspecify.annotations.NullMarked;
