package dev.culvert.testkit.nat;

import dev.culvert.testkit.net.Addresses;
import java.net.InetSocketAddress;

/** A mapping that lives at the moment; of a firewall, both endpoints are the same. */
public record ActiveMapping(InetSocketAddress internal, InetSocketAddress external) {
    @Override
    public String toString() {
        return Addresses.text(internal) + " ⇄ " + Addresses.text(external);
    }
}
