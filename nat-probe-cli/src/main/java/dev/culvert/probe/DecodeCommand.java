package dev.culvert.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culvert.probe.capture.CaptureFile;
import dev.culvert.probe.capture.CapturedMessage;
import dev.culvert.probe.capture.MessageFinder;
import dev.culvert.stun.TransportAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what STUN and TURN messages say. Filled and called by picocli. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Prints STUN, TURN and ChannelData messages field by field.",
            "The input is hexadecimal or base64 text, pcap or pcapng."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:a message was read", "1:no message is sound, or an error", "2:usage"})
final class DecodeCommand implements Callable<Integer> {
    static final String SCHEMA = "culvert.nat-probe.decode/1";

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The input; - or nothing is standard input.")
    String file = "-";

    @Option(names = "--password", paramLabel = "P", description = "Check the integrity of messages with this password.")
    @Nullable
    String password;

    @Option(
            names = "--user",
            paramLabel = "U",
            description = "User of the long-term key; otherwise the one that the messages name.")
    @Nullable
    String user;

    @Option(
            names = "--realm",
            paramLabel = "R",
            description = "Realm of the long-term key; otherwise the one that the messages name.")
    @Nullable
    String realm;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        if (password == null && (user != null || realm != null)) {
            throw new UsageException("--user and --realm: of no use without a password; give --password, too");
        }
        byte[] input = file.equals("-") ? System.in.readAllBytes() : read(Path.of(file));
        List<DecodedMessage> messages = decode(input);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? JsonReport.pretty(toJson(messages)) + "\n" : toText(messages));
        out.flush();
        if (messages.isEmpty()) {
            throw new IOException(file + ": holds no STUN message; give a capture or a message that has one");
        }
        return messages.stream().anyMatch(DecodedMessage::isWellFormed) ? ExitCode.DIRECT : ExitCode.ERROR;
    }

    private static byte[] read(Path path) throws IOException {
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IOException(
                    "file '" + path + "': cannot be read; give an existing file, or - for standard input");
        }
        return Files.readAllBytes(path);
    }

    private List<DecodedMessage> decode(byte[] input) throws IOException {
        Optional<IntegrityText> integrity = Optional.ofNullable(password)
                .map(given -> new IntegrityText(given, Optional.ofNullable(user), Optional.ofNullable(realm)));
        List<DecodedMessage> decoded = new ArrayList<>();
        if (!CaptureFile.looksLike(input)) {
            for (ByteBuffer bytes : DecodeInput.messages(input)) {
                decoded.add(DecodedMessage.of("", bytes, Set.of(), integrity));
            }
            return decoded;
        }
        for (CapturedMessage message : MessageFinder.messages(CaptureFile.frames(input))) {
            Set<TransportAddress> pair = Set.copyOf(List.of(message.source(), message.destination()));
            decoded.add(DecodedMessage.of(origin(message), message.bytes(), pair, integrity));
        }
        return decoded;
    }

    private static String origin(CapturedMessage message) {
        return "#" + message.frame() + " " + message.time() + " " + (message.tcp() ? "tcp " : "udp ") + message.source()
                + " → " + message.destination();
    }

    private static String toText(List<DecodedMessage> messages) {
        StringBuilder text = new StringBuilder();
        for (DecodedMessage message : messages) {
            text.append(message.origin().isEmpty() ? "" : message.origin() + "\n");
            text.append("  ").append(message.summary()).append('\n');
            message.fields()
                    .forEach(field ->
                            text.append("    ").append(MessageText.line(field)).append('\n'));
            message.notes().forEach(note -> text.append("    ").append(note).append('\n'));
        }
        return text.toString();
    }

    private static ObjectNode toJson(List<DecodedMessage> messages) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode root = nodes.objectNode().put("schema", SCHEMA);
        ArrayNode list = root.putArray("messages");
        for (DecodedMessage message : messages) {
            ObjectNode node = list.addObject();
            node.put("origin", message.origin());
            node.put("summary", message.summary());
            node.put("well_formed", message.isWellFormed());
            ArrayNode attributes = node.putArray("attributes");
            message.fields()
                    .forEach(field -> attributes
                            .addObject()
                            .put("type", field.number())
                            .put("name", field.name())
                            .put("value", field.value()));
            ArrayNode notes = node.putArray("notes");
            message.notes().forEach(notes::add);
        }
        return root;
    }
}
