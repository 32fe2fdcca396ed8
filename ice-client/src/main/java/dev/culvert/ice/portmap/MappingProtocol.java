package dev.culvert.ice.portmap;

/** A protocol by which routers take requests for mappings; the better one first. */
public enum MappingProtocol {
    /** Port Control Protocol, RFC 6887. */
    PCP("PCP"),
    /** NAT Port Mapping Protocol, RFC 6886; IPv4 only. */
    NAT_PMP("NAT-PMP"),
    /** Internet Gateway Device of UPnP; here IPv4 only. */
    UPNP_IGD("UPnP IGD");

    private final String text;

    MappingProtocol(String text) {
        this.text = text;
    }

    /** The name that people know. */
    public String text() {
        return text;
    }
}
