/** Test tools for NAT traversal: virtual time, simulated networks and NATs, and rules tied to tests. */
@NullMarked
package dev.culvert.testkit;

import org.jspecify.annotations.NullMarked;
