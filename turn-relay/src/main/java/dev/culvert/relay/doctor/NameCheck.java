package dev.culvert.relay.doctor;

import dev.culvert.server.config.ServerConfig.TlsIdentity;
import dev.culvert.stun.IpAddress;
import dev.culvert.stun.StunUri;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the names that the server needs, and that its clients use, lead somewhere. */
final class NameCheck {
    private static final String ABOUT = "names";

    private NameCheck() {}

    static List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        subject.config()
                .addresses()
                .asked()
                .flatMap(server -> stunServer(server, subject.host()))
                .ifPresent(findings::add);
        Set<IpAddress> own = own(subject);
        subject.config().server().tlsIdentities().stream()
                .map(TlsIdentity::certificateFile)
                .flatMap(file -> Chain.read(file, subject.host()).stream())
                .flatMap(chain -> chain.hostNames().stream())
                .distinct()
                .map(name -> ofCertificate(name, own, subject))
                .forEach(findings::add);
        return findings;
    }

    private static Optional<Finding> stunServer(StunUri server, HostFacts host) {
        if (server.ipAddress().isPresent()) {
            return Optional.empty();
        }
        List<IpAddress> found = host.resolve(server.host());
        return Optional.of(
                found.isEmpty()
                        ? Finding.error(
                                ABOUT,
                                server.host() + " of --stun leads nowhere, so the public address cannot be asked for",
                                "look at /etc/resolv.conf, name another --stun, or write --external-address")
                        : Finding.ok(ABOUT, server.host() + " of --stun leads to " + text(found)));
    }

    private static Finding ofCertificate(String name, Set<IpAddress> own, Subject subject) {
        List<IpAddress> found = subject.host().resolve(name);
        if (found.isEmpty()) {
            return Finding.warn(
                    ABOUT, name + " of the certificate leads nowhere from here", "give it an A or AAAA record");
        }
        boolean isOwn = found.stream().anyMatch(own::contains);
        // What a STUN server will say is not known here.
        if (isOwn || subject.config().addresses().asked().isPresent()) {
            return Finding.ok(ABOUT, name + " of the certificate leads to " + text(found));
        }
        return Finding.warn(
                ABOUT,
                name + " of the certificate leads to " + text(found) + ", no address of this server",
                "mend the record, unless a load balancer stands there");
    }

    private static String text(List<IpAddress> addresses) {
        return String.join(", ", addresses.stream().map(IpAddress::toString).toList());
    }

    private static Set<IpAddress> own(Subject subject) {
        Set<IpAddress> own = new HashSet<>(subject.host().addresses());
        own.addAll(subject.relayAddresses());
        Set<IpAddress> all = new HashSet<>(own);
        own.forEach(ip -> all.add(subject.config().addresses().told(ip)));
        return all;
    }
}
