package dev.culvert.ice.vertx;

import dev.culvert.ice.ForeignText;
import dev.culvert.ice.turn.TurnFailure;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import java.util.stream.Collectors;

/** What a failure of TURN means and what mends it, in a line. */
public final class TurnFailureText {
    private TurnFailureText() {}

    /** For example {@code 403 Forbidden: …; …}. */
    public static String of(TurnFailure failure) {
        if (failure instanceof TurnFailure.Refused refused) {
            return refusal(refused);
        }
        if (failure instanceof TurnFailure.TryAlternate alternate) {
            return alternate(alternate);
        }
        if (failure instanceof TurnFailure.UnusableAnswer unusable) {
            return "its answer cannot be used (" + unusable.what() + "); the server is at fault, try another one";
        }
        if (failure instanceof TurnFailure.Silence) {
            return "no answer; check address, port and transport, and that no firewall is on the way";
        }
        if (failure instanceof TurnFailure.IntegrityViolated) {
            return "no answer proves to know the password; the server has another one, or somebody on the way meddles";
        }
        if (failure instanceof TurnFailure.BidDown) {
            return "answers ask for weaker protection than announced; somebody on the way meddles, try TLS";
        }
        if (failure instanceof TurnFailure.NoCommonPasswordAlgorithm) {
            return "it makes keys by unknown algorithms only; let the server offer MD5 or SHA-256";
        }
        return "all 4096 channel numbers have been used; open another allocation";
    }

    private static String refusal(TurnFailure.Refused refused) {
        ErrorCode error = refused.error();
        String reason = error.reason().isEmpty() ? ErrorCode.defaultReason(error.code()) : error.reason();
        String said = (error.code() + " " + ForeignText.line(reason)).strip();
        return said + ": " + meaning(refused);
    }

    private static String meaning(TurnFailure.Refused refused) {
        return switch (refused.kind()) {
            case BAD_REQUEST -> "the server does not understand the request; it may be older than RFC 5766";
            case UNAUTHENTICATED -> "the username or the password is wrong, or the credential has expired; check both";
            case FORBIDDEN ->
                "the server's rules do not allow it; have its operator allow this peer, or use another one";
            case UNKNOWN_ATTRIBUTE ->
                "the server does not know the attributes " + numbers(refused)
                        + "; ask without the option they stand for";
            case ALLOCATION_MISMATCH ->
                "the server has another allocation for this local port, or lost this one; open a new connection";
            case STALE_NONCE ->
                "the server calls its own fresh nonces stale; check its clock, or that all servers of a fleet share a key";
            case ADDRESS_FAMILY_NOT_SUPPORTED ->
                "the server has no relay address of this family; ask for the other one";
            case WRONG_CREDENTIALS -> "the allocation belongs to another username; use the one that made it";
            case UNSUPPORTED_TRANSPORT_PROTOCOL ->
                "the server does not relay UDP for this client; allow it there, or use another server";
            case PEER_ADDRESS_FAMILY_MISMATCH ->
                "the peer is not of the family of the relayed address; allocate one of its family";
            case ALLOCATION_QUOTA_REACHED ->
                "this user has as many allocations as it may; close one, or wait until old ones have run out";
            case SERVER_ERROR -> "the server is in trouble; try again in a minute, its log may say why";
            case INSUFFICIENT_CAPACITY ->
                "the server has no relay port left, or is about to stop; try again in a minute, or another server";
            case OTHER -> "an error without a meaning in TURN; the server's log may say why";
        };
    }

    private static String numbers(TurnFailure.Refused refused) {
        return refused.unknownAttributes().stream()
                .map(type -> String.format("0x%04X", type))
                .collect(Collectors.joining(", "));
    }

    private static String alternate(TurnFailure.TryAlternate alternate) {
        String servers =
                alternate.servers().stream().map(TransportAddress::toString).collect(Collectors.joining(" or "));
        String domain = alternate.domains().isEmpty()
                ? ""
                : " with the name " + ForeignText.line(alternate.domains().get(0));
        return "300 Try Alternate: it sends its clients to another server; ask " + servers + domain;
    }
}
