/**
 * Real NATs: hosts and routers as Linux network namespaces, with nftables rules of known behaviour.
 *
 * <p>Needs root, iproute2, nftables and util-linux; nothing outside the laboratory's own namespaces is touched.
 */
@NullMarked
package dev.culvert.testkit.lab;

import org.jspecify.annotations.NullMarked;
