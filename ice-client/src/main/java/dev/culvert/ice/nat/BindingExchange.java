package dev.culvert.ice.nat;

import dev.culvert.ice.Stray;
import dev.culvert.ice.StunReply;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.ReceiptOrigin;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One Binding request of a discovery, all that came back, and what is to happen next. Owned by one thread. */
final class BindingExchange implements StunTransactionHandler {
    private final String test;
    private final Optional<ChangeRequest> change;
    private final boolean plain;
    private final Consumer<BindingExchange> whenEnded;
    private final List<Stray> strays = new ArrayList<>();
    private @Nullable StunTransaction transaction;
    private @Nullable StunMessage answer;
    private int receipts;
    private boolean ended;

    BindingExchange(String test, Optional<ChangeRequest> change, Consumer<BindingExchange> whenEnded) {
        this(test, change, change.isEmpty(), whenEnded);
    }

    private BindingExchange(
            String test, Optional<ChangeRequest> change, boolean plain, Consumer<BindingExchange> whenEnded) {
        this.test = test;
        this.change = change;
        this.plain = plain;
        this.whenEnded = whenEnded;
    }

    /** One whose length is unusual, so that its loss tells nothing about that of others. */
    static BindingExchange ofUnusualLength(String test, Consumer<BindingExchange> whenEnded) {
        return new BindingExchange(test, Optional.empty(), false, whenEnded);
    }

    void started(StunTransaction started) {
        transaction = started;
    }

    @Override
    public void onAnswer(StunRequest request, StunReply reply, StunTransaction answered) {
        answer = reply.message();
        end();
    }

    @Override
    public void onSilence(StunRequest request, StunTransaction silent) {
        end();
    }

    @Override
    public void onStray(StunRequest request, Stray stray, StunTransaction concerned) {
        if (isReceipt(request, stray)) {
            receipts++;
            return;
        }
        strays.add(stray);
        // Late, but no silence: it got through.
        if (stray.kind() == Stray.Kind.LATE && answer == null) {
            answer = stray.reply().message();
        }
    }

    /** Whether the server tells, from the address that was asked, that it has sent the answer we wait for. */
    private static boolean isReceipt(StunRequest request, Stray stray) {
        StunMessage message = stray.reply().message();
        return stray.kind() == Stray.Kind.NO_RESPONSE
                && message.messageClass() == MessageClass.INDICATION
                && stray.reply().from().equals(request.to())
                && message.get(ReceiptOrigin.TYPE)
                        .filter(origin -> origin.address().equals(request.answerFrom()))
                        .isPresent();
    }

    private void end() {
        ended = true;
        whenEnded.accept(this);
    }

    boolean hasEnded() {
        return ended;
    }

    StunTransaction transaction() {
        if (transaction == null) {
            throw new IllegalStateException("not started");
        }
        return transaction;
    }

    TransportAddress to() {
        return transaction().request().to();
    }

    /** Whether nothing but a mapped address was asked for. */
    boolean isPlain() {
        return plain;
    }

    /** Whether a success response came from the right source. */
    boolean succeeded() {
        return answer != null && answer.messageClass() == MessageClass.SUCCESS_RESPONSE;
    }

    /** Whether any response came from the right source. */
    boolean answered() {
        return answer != null;
    }

    /** Whether anything at all came from the source that was to answer: an error gets through a filter as well. */
    boolean reached() {
        return answered()
                || strays.stream()
                        .anyMatch(stray -> stray.reply()
                                .from()
                                .equals(transaction().request().answerFrom()));
    }

    /** Whether anything with the request's id came, from wherever. */
    boolean heard() {
        return answered() || receipts > 0 || !strays.isEmpty();
    }

    Optional<TransportAddress> mapped() {
        if (answer == null || !succeeded()) {
            return Optional.empty();
        }
        return mappedIn(answer);
    }

    static Optional<TransportAddress> mappedIn(StunMessage message) {
        return message.get(XorMappedAddress.TYPE)
                .map(XorMappedAddress::address)
                .or(() -> message.get(MappedAddress.TYPE).map(MappedAddress::address));
    }

    /** The server's alternate address; a classic server calls it CHANGED-ADDRESS (RFC 3489 §11.2.3). */
    Optional<TransportAddress> otherAddress() {
        if (answer == null) {
            return Optional.empty();
        }
        StunMessage message = answer;
        return message.get(OtherAddress.TYPE)
                .map(OtherAddress::address)
                .or(() -> message.get(ChangedAddress.TYPE).map(ChangedAddress::address));
    }

    Optional<String> software() {
        return answer == null ? Optional.empty() : answer.get(Software.TYPE).map(Software::description);
    }

    Optional<ErrorCode> error() {
        return answer == null ? Optional.empty() : answer.get(ErrorCode.TYPE);
    }

    /** The length of the answer in bytes; 0 without one. */
    int answerLengthBytes() {
        return answer == null ? 0 : answer.lengthBytes();
    }

    /** For how many of the sends the server told that it had sent the answer; copies of receipts are no further proof. */
    int provenAnswers() {
        return Math.min(receipts, sent());
    }

    int sent() {
        return transaction().sent();
    }

    /** Responses that came from a source other than the one that was to answer. */
    List<StunReply> fromWrongSource() {
        return strays.stream()
                .filter(stray -> stray.kind() == Stray.Kind.WRONG_SOURCE)
                .map(Stray::reply)
                .toList();
    }

    Optional<Duration> roundTrip() {
        return transaction().roundTrip();
    }

    Evidence toEvidence(int localPort) {
        StunRequest request = transaction().request();
        return new Evidence(
                test,
                localPort,
                request.to(),
                request.answerFrom(),
                change.map(BindingExchange::text).orElse(""),
                sent(),
                answered(),
                mapped(),
                error().map(ErrorCode::code),
                roundTrip(),
                receipts,
                strays.stream().map(BindingExchange::text).toList());
    }

    private static String text(ChangeRequest flags) {
        if (flags.changeIp() && flags.changePort()) {
            return "ip+port";
        }
        return flags.changeIp() ? "ip" : flags.changePort() ? "port" : "";
    }

    private static String text(Stray stray) {
        String kind = switch (stray.kind()) {
            case WRONG_SOURCE -> "wrong source";
            case NO_RESPONSE -> "no response";
            case NOT_UNDERSTOOD -> "not understood";
            case DUPLICATE -> "duplicate";
            case LATE -> "late";
        };
        return kind + " from " + stray.reply().from();
    }
}
