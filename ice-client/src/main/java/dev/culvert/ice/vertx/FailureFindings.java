package dev.culvert.ice.vertx;

import dev.culvert.ice.diagnosis.TimeLimitedCredential;
import dev.culvert.ice.diagnosis.TurnFinding;
import dev.culvert.ice.turn.TurnError;
import dev.culvert.ice.turn.TurnFailure;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is to be mended on the way to an allocation. */
final class FailureFindings {
    /** Most authorities have it renewed a month before the end. */
    private static final Duration CERTIFICATE_WARNING = Duration.ofDays(14);

    private FailureFindings() {}

    static TurnFinding of(Throwable cause, ExaminationPlan plan) {
        String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (cause instanceof TurnException told) {
            return isCredentialRefused(told.failure())
                    ? refusedCredential(said, plan)
                    : new TurnFinding(TurnFinding.Kind.REFUSED, said);
        }
        if (cause instanceof NetworkException.TlsFailed) {
            return new TurnFinding(TurnFinding.Kind.CERTIFICATE, said);
        }
        return new TurnFinding(TurnFinding.Kind.UNREACHABLE, said);
    }

    private static boolean isCredentialRefused(TurnFailure failure) {
        return failure.refusal()
                .filter(error -> error == TurnError.UNAUTHENTICATED)
                .isPresent();
    }

    private static TurnFinding refusedCredential(String said, ExaminationPlan plan) {
        Optional<TimeLimitedCredential> limited =
                TimeLimitedCredential.in(plan.credential().username());
        if (limited.isEmpty()) {
            return new TurnFinding(TurnFinding.Kind.CREDENTIAL_REFUSED, said);
        }
        boolean isOver = limited.get().expiry().isBefore(plan.wallClock().instant());
        return new TurnFinding(
                isOver ? TurnFinding.Kind.CREDENTIAL_EXPIRED : TurnFinding.Kind.CREDENTIAL_REFUSED,
                "401: " + limited.get().whyRefused(plan.wallClock().instant()));
    }

    /** A credential that was taken though it should not, by this host's clock. */
    static Optional<TurnFinding> ofClocks(ExaminationPlan plan) {
        return TimeLimitedCredential.in(plan.credential().username())
                .flatMap(limited -> limited.warning(plan.wallClock().instant()))
                .map(text -> new TurnFinding(TurnFinding.Kind.CREDENTIAL_EXPIRED, text));
    }

    /** A certificate that others will refuse, now or soon. */
    static Optional<TurnFinding> ofCertificate(X509Certificate certificate, ExaminationPlan plan) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(plan.wallClock().instant(), end);
        if (left.compareTo(CERTIFICATE_WARNING) >= 0) {
            return Optional.empty();
        }
        String text = left.isNegative()
                ? "the certificate has expired (" + end
                        + "), and is only accepted as it is itself trusted here; renew it" + " on the server"
                : "the certificate expires in " + left.toDays() + " days (" + end + "); renew it on the server";
        return Optional.of(new TurnFinding(TurnFinding.Kind.CERTIFICATE, text));
    }
}
