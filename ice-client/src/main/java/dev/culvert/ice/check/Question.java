package dev.culvert.ice.check;

import dev.culvert.ice.Stray;
import dev.culvert.ice.StunReply;
import dev.culvert.ice.StunRequest;
import dev.culvert.ice.StunTransaction;
import dev.culvert.ice.StunTransactionHandler;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.ReceiptOrigin;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request, all that came back, and what is to happen next. Owned by one thread. */
final class Question implements StunTransactionHandler {
    private final Wording wording;
    private final TransportAddress to;
    private final Consumer<Question> whenEnded;
    private final List<StunReply> fromElsewhere = new ArrayList<>();
    private @Nullable StunTransaction transaction;
    private @Nullable StunMessage answer;
    private int requestBytes;
    private int receivedBytes;
    private int responses;
    private boolean receipt;
    private boolean wrongFingerprint;
    private boolean ended;

    Question(Wording wording, TransportAddress to, Consumer<Question> whenEnded) {
        this.wording = wording;
        this.to = to;
        this.whenEnded = whenEnded;
    }

    void started(StunTransaction started, int lengthBytes) {
        transaction = started;
        requestBytes = lengthBytes;
    }

    @Override
    public void onAnswer(StunRequest request, StunReply reply, StunTransaction answered) {
        count(reply);
        answer = reply.message();
        end();
    }

    @Override
    public void onSilence(StunRequest request, StunTransaction silent) {
        end();
    }

    @Override
    public void onStray(StunRequest request, Stray stray, StunTransaction concerned) {
        count(stray.reply());
        switch (stray.kind()) {
            case WRONG_SOURCE -> fromElsewhere.add(stray.reply());
            case NO_RESPONSE -> receipt |= stray.reply().message().has(ReceiptOrigin.TYPE);
            case LATE -> answer = answer == null ? stray.reply().message() : answer;
            case NOT_UNDERSTOOD, DUPLICATE -> {}
        }
    }

    private void count(StunReply reply) {
        StunMessage message = reply.message();
        receivedBytes += message.lengthBytes();
        boolean isIndication = message.messageClass() == MessageClass.INDICATION;
        responses += isIndication ? 0 : 1;
    }

    /** An answer came that STUN has to discard. */
    void onWrongFingerprint() {
        wrongFingerprint = true;
    }

    /** An answer came on another socket of ours. */
    void onOtherSocket(int lengthBytes) {
        receivedBytes += lengthBytes;
        responses++;
    }

    private void end() {
        ended = true;
        whenEnded.accept(this);
    }

    boolean hasEnded() {
        return ended;
    }

    /** How often it was sent. */
    int sent() {
        return transaction == null ? 0 : transaction.sent();
    }

    /** How many responses came, from wherever. */
    int responses() {
        return responses;
    }

    TransportAddress to() {
        return to;
    }

    boolean succeeded() {
        return answer != null && answer.messageClass() == MessageClass.SUCCESS_RESPONSE;
    }

    boolean isWrongFingerprint() {
        return wrongFingerprint;
    }

    boolean hasReceipt() {
        return receipt;
    }

    /** The answer from the right source. */
    Optional<StunMessage> answer() {
        return Optional.ofNullable(answer);
    }

    /** The code of the error from the right source. */
    Optional<Integer> error() {
        return answer().flatMap(message -> message.get(ErrorCode.TYPE)).map(ErrorCode::code);
    }

    /** Responses that did not come from the source that was to answer. */
    List<StunReply> fromElsewhere() {
        return fromElsewhere;
    }

    Optional<TransportAddress> mapped() {
        return xorMapped().or(this::plainMapped);
    }

    Optional<TransportAddress> xorMapped() {
        return answer().flatMap(message -> message.get(XorMappedAddress.TYPE)).map(XorMappedAddress::address);
    }

    Optional<TransportAddress> plainMapped() {
        return answer().flatMap(message -> message.get(MappedAddress.TYPE)).map(MappedAddress::address);
    }

    /** The alternate address; a classic server calls it CHANGED-ADDRESS (RFC 3489 §11.2.3). */
    Optional<TransportAddress> otherAddress() {
        return answer().flatMap(message -> message.get(OtherAddress.TYPE))
                .map(OtherAddress::address)
                .or(() -> answer().flatMap(message -> message.get(ChangedAddress.TYPE))
                        .map(ChangedAddress::address));
    }

    Optional<Duration> roundTrip() {
        return transaction == null ? Optional.empty() : transaction.roundTrip();
    }

    /** What came for it; empty where nothing did. */
    Optional<Amplification> amplification() {
        return responses == 0
                ? Optional.empty()
                : Optional.of(new Amplification(wording.label(), requestBytes, receivedBytes / responses));
    }
}
