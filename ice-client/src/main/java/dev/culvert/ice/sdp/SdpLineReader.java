package dev.culvert.ice.sdp;

import dev.culvert.ice.gather.CandidateAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads lines of SDP by what they begin with. */
final class SdpLineReader {
    private static final int MAX_PORT = 0xFFFF;
    private static final Pattern UFRAG = Pattern.compile("[A-Za-z0-9+/]{4,256}");
    private static final Pattern PWD = Pattern.compile("[A-Za-z0-9+/]{22,256}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9+/-]+");

    private SdpLineReader() {}

    static SdpLine read(String line) {
        if (line.startsWith("m=")) {
            return media(line);
        }
        if (line.startsWith("c=")) {
            Fields fields = new Fields(line, 2);
            SdpLine.Connection connection = connection(fields);
            fields.end();
            return connection;
        }
        if (!line.startsWith("a=")) {
            return new SdpLine.Other(line);
        }
        int colon = line.indexOf(':');
        return colon < 0 ? flag(line) : attribute(line, line.substring(2, colon), new Fields(line, colon + 1));
    }

    private static SdpLine flag(String line) {
        return switch (line) {
            case "a=end-of-candidates" -> new SdpLine.EndOfCandidates();
            case "a=ice-lite" -> new SdpLine.IceLite();
            case "a=ice-mismatch" -> new SdpLine.IceMismatch();
            default -> new SdpLine.Other(line);
        };
    }

    private static SdpLine attribute(String line, String name, Fields fields) {
        return switch (name) {
            case "candidate" -> new SdpLine.CandidateLine(CandidateAttribute.parse(line));
            case "remote-candidates" -> remoteCandidates(fields);
            case "ice-ufrag" ->
                // RFC 8839 §5.4: what is received may have up to 256 characters.
                new SdpLine.IceUfrag(whole(fields, "the username fragment", UFRAG, "4 to 256"));
            case "ice-pwd" -> new SdpLine.IcePwd(whole(fields, "the password", PWD, "22 to 256"));
            case "ice-options" -> options(fields);
            case "ice-pacing" -> pacing(fields);
            case "rtcp" -> rtcp(fields);
            default -> new SdpLine.Other(line);
        };
    }

    private static SdpLine media(String line) {
        Fields fields = new Fields(line, 2);
        String kind = fields.word("the kind of media");
        String ports = fields.word("the port");
        int slash = ports.indexOf('/');
        String digits = slash < 0 ? ports : ports.substring(0, slash);
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > MAX_PORT) {
            throw fields.fault("the port is a number from 0 to 65535");
        }
        fields.word("the protocol");
        String rest = line.substring(2 + kind.length() + 1 + digits.length());
        return new SdpLine.Media(kind, Integer.parseInt(digits), slash < 0 ? rest.substring(1) : rest);
    }

    private static SdpLine.Connection connection(Fields fields) {
        if (!fields.word("the network type").equals("IN")) {
            throw fields.fault("the network type is IN");
        }
        String type = fields.word("the address type");
        if (!type.equals("IP4") && !type.equals("IP6")) {
            throw fields.fault("the address type is IP4 or IP6");
        }
        String host = fields.word("the address");
        int slash = host.indexOf('/');
        fields.of(() -> new CandidateAddress(slash < 0 ? host : host.substring(0, slash), 0));
        return new SdpLine.Connection(type, host);
    }

    private static SdpLine rtcp(Fields fields) {
        int port = (int) fields.number("the port", 5, 0, MAX_PORT);
        Optional<SdpLine.Connection> address =
                fields.isRestBlank() ? Optional.empty() : Optional.of(connection(fields));
        fields.end();
        return new SdpLine.Rtcp(port, address);
    }

    private static SdpLine remoteCandidates(Fields fields) {
        List<SdpLine.RemoteCandidates.RemoteCandidate> candidates = new ArrayList<>();
        do {
            int component = (int) fields.number("the component", 3, 1, 256);
            String host = fields.word("the address");
            fields.of(() -> new CandidateAddress(host, 0));
            int port = (int) fields.number("the port", 5, 0, MAX_PORT);
            candidates.add(new SdpLine.RemoteCandidates.RemoteCandidate(component, new CandidateAddress(host, port)));
        } while (fields.hasMore());
        return new SdpLine.RemoteCandidates(candidates);
    }

    private static SdpLine options(Fields fields) {
        List<String> tags = new ArrayList<>();
        do {
            String tag = fields.word("an option");
            // RFC 8839 §5.6 allows no hyphen; browsers send one in names such as google-ice.
            if (!TAG.matcher(tag).matches()) {
                throw fields.fault("an option has letters, digits, + and /");
            }
            tags.add(tag);
        } while (fields.hasMore());
        return new SdpLine.IceOptions(tags);
    }

    private static SdpLine pacing(Fields fields) {
        long millis = fields.number("the pacing", 10, 0, 9_999_999_999L);
        fields.end();
        return new SdpLine.IcePacing(millis);
    }

    private static String whole(Fields fields, String what, Pattern pattern, String length) {
        String word = fields.word(what);
        if (!pattern.matcher(word).matches()) {
            throw fields.fault(what + " has " + length + " letters, digits, + and /");
        }
        fields.end();
        return word;
    }
}
