package dev.culvert.ice.portmap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer of a UPnP service.
 *
 * @param values what it returned
 * @param errorCode its error, 0 for none
 * @param errorText what it says of the error
 */
record SoapMessage(Map<String, String> values, int errorCode, String errorText) {
    private static final String ENVELOPE = "<?xml version=\"1.0\"?>\r\n"
            + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
            + " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>";

    /** The request for {@code action} of a service. */
    static String request(String serviceType, String action, Map<String, String> arguments) {
        StringBuilder body = new StringBuilder(ENVELOPE);
        body.append("<u:")
                .append(action)
                .append(" xmlns:u=\"")
                .append(serviceType)
                .append("\">");
        arguments.forEach((name, value) -> body.append('<')
                .append(name)
                .append('>')
                .append(escaped(value))
                .append("</")
                .append(name)
                .append('>'));
        return body.append("</u:")
                .append(action)
                .append("></s:Body></s:Envelope>\r\n")
                .toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Reads an answer or a fault; empty where {@code body} is broken. */
    static Optional<SoapMessage> parse(byte[] body) {
        return BoundedXml.leaves(body).map(SoapMessage::of);
    }

    private static SoapMessage of(List<BoundedXml.Leaf> leaves) {
        Map<String, String> values = new LinkedHashMap<>();
        leaves.forEach(leaf -> values.putIfAbsent(leaf.name(), leaf.text()));
        String code = values.getOrDefault("errorCode", "");
        return new SoapMessage(
                values,
                code.matches("[0-9]{1,5}") ? Integer.parseInt(code) : 0,
                values.getOrDefault("errorDescription", ""));
    }

    /** WANIPConnection:1 §2.4, WANIPConnection:2 §2.5 and UPnP Device Architecture 1.0 §3.2.2. */
    MappingFailure failure() {
        MappingFailure.Kind kind = switch (errorCode) {
            case 401, 602 -> MappingFailure.Kind.UNSUPPORTED;
            case 606, 729 -> MappingFailure.Kind.NOT_AUTHORIZED;
            case 603, 728 -> MappingFailure.Kind.NO_RESOURCES;
            case 718 -> MappingFailure.Kind.CONFLICT;
            default -> MappingFailure.Kind.REFUSED;
        };
        return new MappingFailure(MappingProtocol.UPNP_IGD, kind, ("error " + errorCode + " " + errorText).strip());
    }
}
