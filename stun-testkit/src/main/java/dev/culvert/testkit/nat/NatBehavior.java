package dev.culvert.testkit.nat;

import java.time.Duration;

/**
 * All that distinguishes one NAT from another, in the terms of RFC 4787.
 *
 * <p>Start from a preset and change what matters:
 * {@code NatBehavior.portRestrictedCone().with(Hairpinning.EXTERNAL_SOURCE)}.
 *
 * @param mapping when a mapping is reused
 * @param filtering who may send to it
 * @param hairpinning what becomes of traffic between two hosts behind it
 * @param ports how external ports are chosen
 * @param pooling how one of several public addresses is chosen
 * @param lifetime how long a mapping lives
 * @param tracking whether it departs from the RFC's model as Linux does
 * @param blocksUdp whether nothing passes at all
 * @param dropsFragments whether datagrams of more than one IP packet are dropped
 */
public record NatBehavior(
        MappingBehavior mapping,
        FilteringBehavior filtering,
        Hairpinning hairpinning,
        PortAssignment ports,
        Pooling pooling,
        MappingLifetime lifetime,
        Tracking tracking,
        boolean blocksUdp,
        boolean dropsFragments) {

    /** Refuses flow tracking where ports are not preserved or mapping is not endpoint-independent. */
    public NatBehavior {
        boolean preservesPorts = ports.strategy() == PortAssignment.Strategy.PRESERVING;
        boolean endpointIndependent = mapping == MappingBehavior.ENDPOINT_INDEPENDENT;
        if (tracking != Tracking.MAPPINGS && !(endpointIndependent && preservesPorts)) {
            throw new IllegalArgumentException(
                    tracking + " stands for endpoint-independent mapping by preserved ports");
        }
    }

    /** Endpoint-independent mapping and filtering. */
    public static NatBehavior fullCone() {
        return of(MappingBehavior.ENDPOINT_INDEPENDENT, FilteringBehavior.ENDPOINT_INDEPENDENT);
    }

    /** Endpoint-independent mapping, address-dependent filtering. */
    public static NatBehavior restrictedCone() {
        return of(MappingBehavior.ENDPOINT_INDEPENDENT, FilteringBehavior.ADDRESS_DEPENDENT);
    }

    /** Endpoint-independent mapping, address- and port-dependent filtering. */
    public static NatBehavior portRestrictedCone() {
        return of(MappingBehavior.ENDPOINT_INDEPENDENT, FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT);
    }

    /** Address-dependent mapping on random ports, address- and port-dependent filtering. */
    public static NatBehavior addressDependentMapping() {
        return of(MappingBehavior.ADDRESS_DEPENDENT, FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT)
                .with(PortAssignment.random());
    }

    /** Address- and port-dependent mapping on random ports, and such filtering. */
    public static NatBehavior symmetricRandom() {
        return of(MappingBehavior.ADDRESS_AND_PORT_DEPENDENT, FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT)
                .with(PortAssignment.random());
    }

    /** Address- and port-dependent mapping on consecutive ports, and such filtering. */
    public static NatBehavior symmetricSequential() {
        return symmetricRandom().with(PortAssignment.sequential(1));
    }

    /**
     * Linux's {@code masquerade}: port-preserving, flows in place of mappings, Linux's lifetimes.
     *
     * @param inputOpen whether the router accepts unsolicited packets for itself, which spoils ports for later flows
     */
    public static NatBehavior linuxMasquerade(boolean inputOpen) {
        return portRestrictedCone()
                .with(MappingLifetime.linux())
                .with(inputOpen ? Tracking.FLOWS_OPEN_INPUT : Tracking.FLOWS);
    }

    /** A stateful firewall that translates nothing, for IPv4 and IPv6, with Linux's lifetimes. */
    public static NatBehavior firewallOnly() {
        return of(MappingBehavior.NONE, FilteringBehavior.ADDRESS_AND_PORT_DEPENDENT)
                .with(MappingLifetime.linux());
    }

    /** No UDP passes. */
    public static NatBehavior udpBlocked() {
        return portRestrictedCone().blockingUdp();
    }

    /** Port-preserving, without hairpinning, paired, five minutes of lifetime. */
    public static NatBehavior of(MappingBehavior mapping, FilteringBehavior filtering) {
        return new NatBehavior(
                mapping,
                filtering,
                Hairpinning.OFF,
                PortAssignment.preserving(),
                Pooling.PAIRED,
                MappingLifetime.of(Duration.ofMinutes(5)),
                Tracking.MAPPINGS,
                false,
                false);
    }

    /** This behaviour with another mapping behaviour. */
    public NatBehavior with(MappingBehavior newMapping) {
        return new NatBehavior(
                newMapping, filtering, hairpinning, ports, pooling, lifetime, tracking, blocksUdp, dropsFragments);
    }

    /** This behaviour with another filtering behaviour. */
    public NatBehavior with(FilteringBehavior newFiltering) {
        return new NatBehavior(
                mapping, newFiltering, hairpinning, ports, pooling, lifetime, tracking, blocksUdp, dropsFragments);
    }

    /** This behaviour with another hairpinning behaviour. */
    public NatBehavior with(Hairpinning newHairpinning) {
        return new NatBehavior(
                mapping, filtering, newHairpinning, ports, pooling, lifetime, tracking, blocksUdp, dropsFragments);
    }

    /** This behaviour with another port assignment. */
    public NatBehavior with(PortAssignment newPorts) {
        return new NatBehavior(
                mapping, filtering, hairpinning, newPorts, pooling, lifetime, tracking, blocksUdp, dropsFragments);
    }

    /** This behaviour with another pooling behaviour. */
    public NatBehavior with(Pooling newPooling) {
        return new NatBehavior(
                mapping, filtering, hairpinning, ports, newPooling, lifetime, tracking, blocksUdp, dropsFragments);
    }

    /** This behaviour with another lifetime of mappings. */
    public NatBehavior with(MappingLifetime newLifetime) {
        return new NatBehavior(
                mapping, filtering, hairpinning, ports, pooling, newLifetime, tracking, blocksUdp, dropsFragments);
    }

    /** This behaviour with another way of tracking. */
    public NatBehavior with(Tracking newTracking) {
        return new NatBehavior(
                mapping, filtering, hairpinning, ports, pooling, lifetime, newTracking, blocksUdp, dropsFragments);
    }

    /** This behaviour with nothing passing. */
    public NatBehavior blockingUdp() {
        return new NatBehavior(
                mapping, filtering, hairpinning, ports, pooling, lifetime, tracking, true, dropsFragments);
    }

    /** This behaviour with datagrams of more than 1500 bytes on the wire dropped. */
    public NatBehavior droppingFragments() {
        return new NatBehavior(mapping, filtering, hairpinning, ports, pooling, lifetime, tracking, blocksUdp, true);
    }
}
