package dev.culvert.ice.check;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.ResponseOrigin;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.SourceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the answer to a plain Binding request tells. */
final class BindingFindings {
    private final Question asked;
    private final List<Finding> findings = new ArrayList<>();

    private BindingFindings(Question asked) {
        this.asked = asked;
    }

    static List<Finding> of(Question asked) {
        BindingFindings all = new BindingFindings(asked);
        all.addBinding();
        all.addSource();
        asked.answer().filter(message -> asked.succeeded()).ifPresent(message -> {
            all.addMapped(message);
            all.addOrigin(message);
            all.findings.add(message.get(Software.TYPE)
                    .map(software -> Finding.yes(Topic.SOFTWARE, "tells everyone that it is " + software.description()))
                    .orElseGet(() -> Finding.no(Topic.SOFTWARE, "does not tell what it is")));
        });
        return all.findings;
    }

    private void addBinding() {
        Optional<ErrorCode> error = asked.answer().flatMap(message -> message.get(ErrorCode.TYPE));
        if (error.isPresent()) {
            boolean wantsCredentials = error.get().code() == 401;
            String code = "error " + error.get().code() + " " + error.get().reason();
            findings.add(
                    wantsCredentials
                            ? Finding.no(Topic.BINDING, "wants credentials (" + code.strip() + ")")
                            : Finding.wrong(Topic.BINDING, "answers a plain request with " + code.strip()));
            return;
        }
        if (asked.succeeded()) {
            findings.add(Finding.yes(Topic.BINDING, "answers over UDP"));
        } else if (asked.isWrongFingerprint()) {
            findings.add(Finding.wrong(Topic.BINDING, "answers with a wrong FINGERPRINT, which clients discard"));
        } else if (!asked.fromElsewhere().isEmpty()) {
            findings.add(
                    Finding.wrong(Topic.BINDING, "answers, but not from where it was asked: clients discard that"));
        } else {
            findings.add(Finding.no(Topic.BINDING, "no answer over UDP; check address, port and firewalls"));
        }
    }

    /** RFC 8489 §6.3.1.2: the answer leaves from the address and port that the request came to. */
    private void addSource() {
        if (!asked.fromElsewhere().isEmpty()) {
            TransportAddress from = asked.fromElsewhere().get(0).from();
            findings.add(Finding.wrong(
                    Topic.RESPONSE_SOURCE,
                    "asked at " + asked.to() + ", answered from " + from
                            + "; have it listen on each address by itself, not on the wildcard"));
        } else if (asked.answer().isPresent()) {
            findings.add(Finding.yes(Topic.RESPONSE_SOURCE, "answers from where it was asked"));
        }
    }

    private void addMapped(StunMessage message) {
        Optional<TransportAddress> xor = asked.xorMapped();
        Optional<TransportAddress> plain = asked.plainMapped();
        if (xor.isEmpty() && plain.isEmpty()) {
            findings.add(Finding.wrong(Topic.XOR_MAPPED_ADDRESS, "a success without any mapped address"));
            return;
        }
        findings.add(xor.map(address -> Finding.yes(Topic.XOR_MAPPED_ADDRESS, "sees " + address))
                .orElseGet(() -> Finding.no(
                        Topic.XOR_MAPPED_ADDRESS, "MAPPED-ADDRESS alone, which routers that rewrite addresses spoil")));
        if (plain.isPresent() && xor.isPresent() && !plain.equals(xor)) {
            findings.add(Finding.wrong(
                    Topic.MAPPED_ADDRESS,
                    "says " + plain.get() + ", but XOR-MAPPED-ADDRESS says " + xor.get()
                            + "; the server is wrong, or a router on the way rewrites addresses"));
            return;
        }
        // RFC 5780 §6.1: a server for behaviour discovery sends both.
        boolean owed = message.has(OtherAddress.TYPE);
        findings.add(
                plain.isPresent()
                        ? Finding.yes(Topic.MAPPED_ADDRESS, xor.isPresent() ? "the same" : "sees " + plain.get())
                        : owed
                                ? Finding.wrong(Topic.MAPPED_ADDRESS, "missing, though OTHER-ADDRESS is there")
                                : Finding.no(Topic.MAPPED_ADDRESS, "XOR-MAPPED-ADDRESS is enough"));
    }

    private void addOrigin(StunMessage message) {
        Optional<TransportAddress> origin = message.get(ResponseOrigin.TYPE)
                .map(ResponseOrigin::address)
                .or(() -> message.get(SourceAddress.TYPE).map(SourceAddress::address));
        if (origin.isEmpty()) {
            // RFC 5780 §6.1: a server for behaviour discovery tells its source address.
            findings.add(
                    message.has(OtherAddress.TYPE)
                            ? Finding.wrong(Topic.RESPONSE_ORIGIN, "missing, though OTHER-ADDRESS is there")
                            : Finding.no(Topic.RESPONSE_ORIGIN, "not told"));
            return;
        }
        findings.add(
                origin.get().equals(asked.to())
                        ? Finding.yes(Topic.RESPONSE_ORIGIN, "tells the address that it answers from")
                        : Finding.wrong(
                                Topic.RESPONSE_ORIGIN,
                                "says " + origin.get() + ", but answers from " + asked.to()
                                        + "; tell the server its public address"));
    }
}
