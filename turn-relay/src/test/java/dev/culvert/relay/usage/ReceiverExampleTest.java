package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.docs.DocBlock;
import dev.culvert.testkit.docs.DocPage;
import dev.culvert.testkit.docs.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver of docs/usage-events.md believes what a server signs, and nothing else. */
class ReceiverExampleTest {
    private static final Path PAGE = Path.of("..", "docs", "usage-events.md");
    private static final String OLD = "a secret of enough bytes";
    private static final String NEW = "whsec_plJ3nmyCDGBKInavdOK15jsl";
    private static final String BODY = "{\"events\":[{\"user\":\"zoe\"}]}";
    private static final long SIGNED_AT = 1_893_492_000;

    @TempDir
    private Path folder;

    @Test
    void receiverBelievesWhatIsSignedOnly() throws Exception {
        Requirements.command("python3");
        String signature = WebhookSecrets.parse(OLD + "\n" + NEW).signature("msg_1", SIGNED_AT, BODY.getBytes(UTF_8));

        assertThat(verdict(signature, BODY, OLD, SIGNED_AT)).isEqualTo("True");
        assertThat(verdict(signature, BODY, NEW, SIGNED_AT + 299)).isEqualTo("True");
        assertThat(verdict(signature, BODY, "another secret, as long", SIGNED_AT))
                .isEqualTo("False");
        assertThat(verdict(signature, BODY.replace("zo", "zu"), OLD, SIGNED_AT)).isEqualTo("False");
        assertThat(verdict(signature, BODY, OLD, SIGNED_AT + 301)).isEqualTo("False");
    }

    private String verdict(String signature, String body, String secret, long now) throws Exception {
        String example = DocPage.read(Path.of(".."), PAGE).blocks().stream()
                .filter(block -> block.mark() instanceof Mark.HeldBy)
                .map(DocBlock::text)
                .findFirst()
                .orElseThrow();
        String call = """

                import sys
                signature, body, secret, now = sys.argv[1:]
                headers = {"webhook-id": "msg_1", "webhook-timestamp": "%d", "webhook-signature": signature}
                print(is_from_my_server(headers, body.encode(), secret, int(now)))
                """.formatted(SIGNED_AT);
        Path script = Files.writeString(folder.resolve("receiver.py"), example + call);
        return run("python3", script.toString(), signature, body, secret, Long.toString(now));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONUTF8", "1");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        process.waitFor();
        return output;
    }
}
