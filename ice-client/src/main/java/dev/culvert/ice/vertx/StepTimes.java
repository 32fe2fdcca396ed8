package dev.culvert.ice.vertx;

import dev.culvert.ice.ForeignText;
import dev.culvert.ice.diagnosis.ExaminationStep;
import dev.culvert.stun.Malformation;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransportAddress;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Software;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the steps of opening an allocation apart by the messages that go and come. Owned by one event loop. */
final class StepTimes implements PacketTap {
    private final PacketTap next;
    private final boolean isStream;
    private final List<ExaminationStep> steps = new ArrayList<>();
    private long sinceNanos = System.nanoTime();
    private @Nullable TransportAddress server;
    private String challenger = "";
    private boolean isChallenged;

    StepTimes(PacketTap next, boolean isStream) {
        this.next = next;
        this.isStream = isStream;
    }

    @Override
    public void onMessage(
            Direction direction,
            Transport transport,
            TransportAddress local,
            TransportAddress remote,
            ByteBuffer bytes) {
        next.onMessage(direction, transport, local, remote, bytes.duplicate());
        if (direction == Direction.SENT) {
            onSent(remote);
        } else {
            onReceived(bytes);
        }
    }

    private void onSent(TransportAddress remote) {
        if (server != null) {
            return;
        }
        server = remote;
        if (isStream) {
            finish(ExaminationStep.Name.CONNECT, ExaminationStep.Result.DONE, remote.toString());
        } else {
            sinceNanos = System.nanoTime();
        }
    }

    private void onReceived(ByteBuffer bytes) {
        StunMessage message = new StunMessage();
        boolean isError =
                message.wrap(bytes) == Malformation.NONE && message.messageClass() == MessageClass.ERROR_RESPONSE;
        if (isError && !isChallenged && message.has(Realm.TYPE)) {
            isChallenged = true;
            challenger = challenger(message);
            finish(ExaminationStep.Name.CHALLENGE, ExaminationStep.Result.DONE, challenger);
        }
    }

    private static String challenger(StunMessage message) {
        String realm = message.get(Realm.TYPE).map(Realm::name).orElse("");
        String software = message.get(Software.TYPE)
                .map(value -> ", software " + value.description())
                .orElse("");
        return ForeignText.line("realm " + realm + software);
    }

    private void finish(ExaminationStep.Name name, ExaminationStep.Result result, String detail) {
        long nowNanos = System.nanoTime();
        steps.add(new ExaminationStep(name, result, Duration.ofNanos(nowNanos - sinceNanos), detail));
        sinceNanos = nowNanos;
    }

    /** The allocation is there. */
    List<ExaminationStep> allocated(String detail) {
        finish(ExaminationStep.Name.ALLOCATE, ExaminationStep.Result.DONE, detail);
        return steps;
    }

    /** It will not be there. */
    List<ExaminationStep> failed(String detail) {
        ExaminationStep.Name name = ExaminationStep.Name.ALLOCATE;
        if (server == null && isStream) {
            name = ExaminationStep.Name.CONNECT;
        } else if (!isChallenged) {
            name = ExaminationStep.Name.CHALLENGE;
        }
        finish(name, ExaminationStep.Result.FAILED, detail);
        return steps;
    }
}
