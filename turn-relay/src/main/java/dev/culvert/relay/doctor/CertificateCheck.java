package dev.culvert.relay.doctor;

import dev.culvert.server.config.ServerConfig.TlsIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Whether clients will take the certificates. That the keys fit is looked at with the configuration. */
final class CertificateCheck {
    private static final String ABOUT = "certificate";
    private static final Duration SOON = Duration.ofDays(14);

    private CertificateCheck() {}

    static List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (TlsIdentity identity : subject.config().server().tlsIdentities()) {
            Chain.read(identity.certificateFile(), subject.host())
                    .ifPresent(chain -> findings.addAll(of(chain, subject.host().now())));
        }
        return findings;
    }

    private static List<Finding> of(Chain chain, Instant now) {
        List<Finding> findings = new ArrayList<>();
        validity(chain, now, findings);
        chain(chain, findings);
        if (chain.names().isEmpty()) {
            findings.add(Finding.warn(
                    ABOUT,
                    chain.file() + " is for no name (subject alternative name), and clients look at nothing else",
                    "have one issued for the name that stands in the turns: URI"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    ABOUT,
                    chain.file() + " is for " + String.join(", ", chain.names()) + ", until "
                            + chain.own()
                                    .getNotAfter()
                                    .toInstant()
                                    .atOffset(ZoneOffset.UTC)
                                    .toLocalDate()));
        }
        return findings;
    }

    private static void validity(Chain chain, Instant now, List<Finding> findings) {
        Instant from = chain.own().getNotBefore().toInstant();
        Instant until = chain.own().getNotAfter().toInstant();
        String renew = "renew it; the server reads the files again when they change";
        if (now.isAfter(until)) {
            findings.add(Finding.error(ABOUT, chain.file() + " expired at " + until, renew));
        } else if (now.isBefore(from)) {
            findings.add(Finding.error(ABOUT, chain.file() + " holds from " + from + " on", "look at the clock"));
        } else if (now.plus(SOON).isAfter(until)) {
            findings.add(Finding.warn(ABOUT, chain.file() + " expires at " + until, renew));
        }
    }

    private static void chain(Chain chain, List<Finding> findings) {
        if (!chain.isInOrder()) {
            findings.add(Finding.error(
                    ABOUT,
                    chain.file() + " is out of order: one certificate is not issued by the next",
                    "write the server's own first, then the one that issued it, and so on (fullchain.pem)"));
        } else if (chain.isSelfSigned()) {
            findings.add(Finding.warn(
                    ABOUT,
                    chain.file() + " is signed by itself: browsers refuse it",
                    "have one issued by an authority that clients trust"));
        } else if (chain.certificates().size() == 1) {
            findings.add(Finding.warn(
                    ABOUT,
                    chain.file() + " comes without the certificate of who issued it: many clients refuse that",
                    "name the file of the whole chain (fullchain.pem)"));
        }
    }
}
