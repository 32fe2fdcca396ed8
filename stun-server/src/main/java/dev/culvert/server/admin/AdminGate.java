package dev.culvert.server.admin;

import dev.culvert.stun.IpAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Who may ask: whoever shows the token or a certificate where one is wanted, and no page of another site. */
public final class AdminGate {
    private static final Set<String> FROM_HERE = Set.of("same-origin", "none");

    private final Optional<AdminToken> token;
    private final boolean takesCertificates;

    /**
     * @param token what must be shown; empty for nothing
     * @param takesCertificates whether a client certificate, which TLS has verified, will do too
     */
    public AdminGate(Optional<AdminToken> token, boolean takesCertificates) {
        this.token = token;
        this.takesCertificates = takesCertificates;
    }

    /** Why {@code request} is not answered; empty where it is. */
    public Optional<AdminAnswer> refusal(HttpServerRequest request) {
        if (!isAuthorized(request)) {
            String certificate = takesCertificates ? ", or a client certificate" : "";
            return refused(
                    401,
                    "unauthorized",
                    "a bearer token is required" + certificate + "; send Authorization: Bearer TOKEN");
        }
        return foreignRefusal(request);
    }

    /** Why a request for what everybody may see is not answered. */
    Optional<AdminAnswer> foreignRefusal(HttpServerRequest request) {
        // Who has to show something has it only for the right name; a page of another site has nothing.
        boolean isOpen = token.isEmpty() && !takesCertificates;
        if (isOpen && !isAskedByAddress(request)) {
            return refused(421, "wrong-host", "ask by IP address or as localhost, or configure a token");
        }
        return Optional.empty();
    }

    /** Why a page in a browser may not ask this: it comes from another site. */
    static Optional<AdminAnswer> crossSiteRefusal(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean isFromElsewhere =
                (site != null && !FROM_HERE.contains(site)) || (origin != null && !isOwn(origin, request));
        return isFromElsewhere
                ? refused(403, "cross-site", "pages of other sites may not ask this; use the status page, or a program")
                : Optional.empty();
    }

    private static boolean isOwn(String origin, HttpServerRequest request) {
        String own = request.scheme() + "://" + request.getHeader("Host");
        return own.equalsIgnoreCase(origin);
    }

    private static Optional<AdminAnswer> refused(int status, String code, String message) {
        return Optional.of(AdminAnswer.error(status, code, message));
    }

    private boolean isAuthorized(HttpServerRequest request) {
        if (takesCertificates && hasCertificate(request)) {
            return true;
        }
        String authorization = request.getHeader("Authorization");
        return token.map(wanted -> authorization != null && wanted.isShownBy(authorization))
                .orElse(!takesCertificates);
    }

    /** TLS has verified it: one that is no good ends the handshake. */
    private static boolean hasCertificate(HttpServerRequest request) {
        try {
            return request.isSSL() && !request.connection().peerCertificates().isEmpty();
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    /**
     * Whether the Host header is an IP address or localhost. A web page elsewhere whose name was turned to this address
     * (DNS rebinding) makes a browser ask under that name.
     */
    private static boolean isAskedByAddress(HttpServerRequest request) {
        if (request.getHeader("Host") == null) {
            return true; // HTTP/1.0: no browser
        }
        HostAndPort authority = request.authority();
        if (authority == null) {
            return false;
        }
        String host = authority.host().replaceAll("^\\[|]$", "");
        return host.equalsIgnoreCase("localhost") || IpAddress.parse(host).isPresent();
    }
}
