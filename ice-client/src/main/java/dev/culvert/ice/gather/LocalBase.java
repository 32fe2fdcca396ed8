package dev.culvert.ice.gather;

import dev.culvert.stun.IpAddress;

/**
 * An address that candidates are gathered on.
 *
 * @param interfaceName the interface that has it
 * @param ip the address
 * @param rank 0 for the most preferred of this host, then 1, 2, …
 */
record LocalBase(String interfaceName, IpAddress ip, int rank) {}
