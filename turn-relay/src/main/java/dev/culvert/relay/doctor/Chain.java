package dev.culvert.relay.doctor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The certificates that a TLS listener shows.
 *
 * @param file that holds them
 * @param certificates in the order of the file, at least one
 */
record Chain(String file, List<X509Certificate> certificates) {
    private static final int DNS_NAME = 2;

    Chain {
        certificates = List.copyOf(certificates);
    }

    /** The chain in {@code file}; empty where it holds none, which the check of the configuration tells. */
    static Optional<Chain> read(String file, HostFacts host) {
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(host.read(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            return all.isEmpty() ? Optional.empty() : Optional.of(new Chain(file, all));
        } catch (IOException | CertificateException e) {
            return Optional.empty();
        }
    }

    X509Certificate own() {
        return certificates.get(0);
    }

    boolean isSelfSigned() {
        return own().getSubjectX500Principal().equals(own().getIssuerX500Principal());
    }

    /** Whether each certificate was issued by the next one. */
    boolean isInOrder() {
        for (int i = 1; i < certificates.size(); i++) {
            if (!isIssuedBy(certificates.get(i - 1), certificates.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The DNS names and IP addresses that clients take it for. */
    List<String> names() {
        return alternatives().stream()
                .map(name -> name.get(1))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** The names of these that a resolver may know. */
    List<String> hostNames() {
        return alternatives().stream()
                .filter(name -> name.get(0).equals(DNS_NAME))
                .map(name -> (String) name.get(1))
                .filter(name -> !name.startsWith("*"))
                .toList();
    }

    private Collection<List<?>> alternatives() {
        try {
            Collection<List<?>> names = own().getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
