package dev.culvert.ice.check;

import dev.culvert.ice.SocketId;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunMethod;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.stun.integrity.SecurityFeatures;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a server relays, and for whom: an Allocate request without credentials (RFC 8656 §7). */
final class RelayTest {
    private final Asker asker;
    private final SocketId socket;
    private final TransportAddress server;
    private final Question allocate;

    RelayTest(Asker asker, SocketId socket, TransportAddress server) {
        this.asker = asker;
        this.socket = socket;
        this.server = server;
        Wording wording = wording("Allocate", StunMethod.ALLOCATE);
        allocate =
                asker.ask(wording.with(new RequestedTransport(RequestedTransport.UDP)), socket, server, this::onAnswer);
    }

    private static Wording wording(String label, int method) {
        return new Wording(label, method, false, false, List.of());
    }

    private void onAnswer(Question answered) {
        if (answered.succeeded()) {
            // RFC 8656 §8: a lifetime of 0 deletes the allocation, which nobody wants.
            Wording refresh = wording("Refresh", StunMethod.REFRESH).with(new Lifetime(0));
            asker.ask(refresh, socket, server, ended -> {});
        }
    }

    /** Whether the challenge is one that came with RFC 8489. */
    boolean isOfRfc8489() {
        return allocate.answer()
                .filter(message -> message.has(PasswordAlgorithms.TYPE)
                        || message.get(Nonce.TYPE)
                                .filter(nonce -> nonce.text().startsWith("obMatJos2"))
                                .isPresent())
                .isPresent();
    }

    Finding finding() {
        Optional<StunMessage> answer = allocate.answer();
        if (answer.isEmpty()) {
            return Finding.no(Topic.TURN, "no answer to an Allocate request");
        }
        if (allocate.succeeded()) {
            String relayed = answer.get()
                    .get(XorRelayedAddress.TYPE)
                    .map(address -> " (gave " + address.address() + ")")
                    .orElse("");
            return new Finding(
                    Topic.TURN,
                    Finding.Result.DANGEROUS,
                    "relays for everyone, without credentials" + relayed + "; switch authentication on");
        }
        int code = allocate.error().orElse(0);
        return switch (code) {
            case 401 -> challenge(answer.get());
            case 300, 438, 486, 508, 437, 440, 441, 442 ->
                Finding.unknown(
                        Topic.TURN,
                        "answers with error " + code + " before it asks for credentials: it may relay without them");
            case 403 -> Finding.no(Topic.TURN, "forbids Allocate requests (error 403)");
            default -> Finding.no(Topic.TURN, "refuses Allocate requests (error " + reason(answer.get()) + ")");
        };
    }

    private static String reason(StunMessage message) {
        return message.get(ErrorCode.TYPE)
                .map(error -> (error.code() + " " + error.reason()).strip())
                .orElse("without a code");
    }

    /** RFC 8489 §9.2.4: a 401 carries REALM and NONCE. */
    private static Finding challenge(StunMessage message) {
        Optional<Realm> realm = message.get(Realm.TYPE);
        Optional<Nonce> nonce = message.get(Nonce.TYPE);
        if (realm.isEmpty() || nonce.isEmpty()) {
            return Finding.wrong(Topic.TURN, "a 401 without REALM and NONCE, which no client can answer");
        }
        SecurityFeatures features = SecurityFeatures.ofNonce(nonce.get().text());
        Optional<PasswordAlgorithms> algorithms = message.get(PasswordAlgorithms.TYPE);
        if (features.passwordAlgorithms() && algorithms.isEmpty()) {
            return Finding.wrong(Topic.TURN, "its nonce announces PASSWORD-ALGORITHMS, which the 401 lacks");
        }
        String offered = algorithms
                .map(list -> list.algorithms().stream().map(RelayTest::name).collect(Collectors.joining(", ")))
                .orElse("MD5");
        String anonymity = features.usernameAnonymity() ? ", takes USERHASH" : "";
        return Finding.yes(
                Topic.TURN,
                "asks for credentials: realm " + realm.get().name() + ", password algorithms " + offered + anonymity);
    }

    private static String name(PasswordAlgorithm algorithm) {
        if (algorithm.algorithm() == PasswordAlgorithm.SHA_256.algorithm()) {
            return "SHA-256";
        }
        return algorithm.algorithm() == PasswordAlgorithm.MD5.algorithm()
                ? "MD5"
                : "0x%04X".formatted(algorithm.algorithm());
    }
}
