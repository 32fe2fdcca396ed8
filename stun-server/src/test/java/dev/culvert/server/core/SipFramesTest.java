package dev.culvert.server.core;

import static dev.culvert.server.core.SipRequests.bytes;
import static dev.culvert.server.core.SipRequests.invite;
import static dev.culvert.server.core.SipRequests.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Rfc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SipFramesTest {
    private final SipFrames frames = new SipFrames();
    private final List<String> cut = new ArrayList<>();

    private boolean feed(String text) {
        return frames.feed(ByteBuffer.wrap(bytes(text)), message -> {
            cut.add(StandardCharsets.ISO_8859_1.decode(message).toString());
            return true;
        });
    }

    @ParameterizedTest
    @Rfc("3261#18.3")
    @ValueSource(ints = {1, 7, 100, 5_000})
    void messagesAreCutByContentLengthInChunksOfAnySize(int chunkBytes) {
        String stream = invite(0) + "\r\n\r\n" + options(30) + invite(5);

        for (int at = 0; at < stream.length(); at += chunkBytes) {
            assertThat(feed(stream.substring(at, Math.min(stream.length(), at + chunkBytes))))
                    .isTrue();
        }

        assertThat(cut).containsExactly(invite(0), options(30), invite(5));
    }

    @Test
    void bodyLongerThanContentLengthBreaksTheStreamBehindTheMessage() {
        boolean sound = feed(invite(0) + "a=more\r\n");

        assertThat(sound).isFalse();
        assertThat(cut).containsExactly(invite(0));
    }

    @Test
    void withoutContentLengthThereIsNoBody() {
        boolean sound = feed(options(0).replace("Content-Length: 0\r\n", ""));

        assertThat(sound).isTrue();
        assertThat(cut).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "99999999999999999999", "4097", "0x10", ""})
    void contentLengthThatIsNoneBreaksTheStream(String value) {
        boolean sound = feed(options(0).replace("Content-Length: 0", "Content-Length: " + value));

        assertThat(sound).isFalse();
        assertThat(cut).isEmpty();
    }

    @Test
    void headWithoutEndBreaksTheStreamAtTheLimit() {
        assertThat(feed("OPTIONS sip:a SIP/2.0\r\n" + "0".repeat(4_000))).isTrue();
        assertThat(feed("0".repeat(100))).isFalse();
        assertThat(feed(options(0))).isFalse();
        assertThat(cut).isEmpty();
    }

    @Test
    void receiverThatWantsNoMoreEndsTheStream() {
        boolean sound = frames.feed(ByteBuffer.wrap(bytes(options(0) + options(0))), message -> {
            cut.add("one");
            return false;
        });

        assertThat(sound).isFalse();
        assertThat(cut).hasSize(1);
    }
}
