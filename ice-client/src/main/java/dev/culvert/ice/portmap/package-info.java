/** Port mapping at the router: PCP (RFC 6887), NAT-PMP (RFC 6886) and UPnP IGD. */
@NullMarked
package dev.culvert.ice.portmap;

import org.jspecify.annotations.NullMarked;
