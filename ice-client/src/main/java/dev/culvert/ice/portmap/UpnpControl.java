package dev.culvert.ice.portmap;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Sends requests to UPnP devices and brings the answers to whoever asked. Mutable, owned by one thread. */
final class UpnpControl {
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;

    private final PortMapperOutput out;
    private final Map<Long, Consumer<Result>> pending = new HashMap<>();
    private long lastId;

    /** A status and a body; the status is 0 where no answer came, and {@code problem} says why. */
    private record Result(int status, byte[] body, String problem) {}

    /**
     * Why a call failed.
     *
     * @param code UPnP's error code; 0 where there is none
     */
    record Fault(int code, MappingFailure failure) {}

    UpnpControl(PortMapperOutput out) {
        this.out = out;
    }

    /** Reads a document; {@code onBody} gets it, or nothing. */
    void read(Ssdp.Location location, Consumer<Optional<byte[]>> onBody) {
        send(
                location,
                "",
                "",
                result -> onBody.accept(result.status() == OK ? Optional.of(result.body()) : Optional.empty()));
    }

    /** Calls {@code action}; {@code onAnswer} gets what was returned, {@code onFault} why nothing was. */
    void call(
            GatewayDescription.Service service,
            String action,
            Map<String, String> arguments,
            Consumer<Map<String, String>> onAnswer,
            Consumer<Fault> onFault) {
        String body = SoapMessage.request(service.type(), action, arguments);
        String soapAction = "\"" + service.type() + "#" + action + "\"";
        send(service.control(), soapAction, body, result -> {
            Optional<SoapMessage> answer = result.status() == OK || result.status() == SERVER_ERROR
                    ? SoapMessage.parse(result.body())
                    : Optional.empty();
            if (answer.isPresent() && answer.get().errorCode() != 0) {
                onFault.accept(new Fault(answer.get().errorCode(), answer.get().failure()));
            } else if (answer.isPresent() && result.status() == OK) {
                onAnswer.accept(answer.get().values());
            } else {
                onFault.accept(new Fault(0, failure(result)));
            }
        });
    }

    private static MappingFailure failure(Result result) {
        return switch (result.status()) {
            case 0 -> failure(MappingFailure.Kind.SILENT, result.problem());
            case OK -> failure(MappingFailure.Kind.UNUSABLE_ANSWER, "no SOAP");
            default -> failure(MappingFailure.Kind.REFUSED, "HTTP status " + result.status());
        };
    }

    static MappingFailure failure(MappingFailure.Kind kind, String said) {
        return new MappingFailure(MappingProtocol.UPNP_IGD, kind, said);
    }

    private void send(Ssdp.Location to, String soapAction, String body, Consumer<Result> onResult) {
        lastId++;
        pending.put(lastId, onResult);
        out.request(new GatewayHttpRequest(lastId, to.server(), to.path(), soapAction, body));
    }

    void onAnswer(long id, int status, byte[] body) {
        end(id, new Result(status, body, ""));
    }

    void onFailure(long id, String problem) {
        end(id, new Result(0, new byte[0], problem));
    }

    private void end(long id, Result result) {
        Consumer<Result> asked = pending.remove(id);
        if (asked != null) {
            asked.accept(result);
        }
    }
}
