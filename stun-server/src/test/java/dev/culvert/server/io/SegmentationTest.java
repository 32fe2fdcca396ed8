package dev.culvert.server.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.testkit.Requirements;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which errors of sending end the use of segmentation for good. */
class SegmentationTest {
    @BeforeEach
    void needsLinux() {
        Requirements.linux();
        Epoll.ensureAvailability();
    }

    @ParameterizedTest
    @CsvSource({
        "EIO,         -5,   true",
        "EINVAL,      -22,  true",
        "EMSGSIZE,    -90,  true",
        "EPERM,       -1,   false",
        "EACCES,      -13,  false",
        "ENETUNREACH, -101, false",
        "EHOSTUNREACH,-113, false",
        "ENOBUFS,     -105, false",
    })
    void onlyErrorsThatSegmentationCausesEndIt(String name, int errno, boolean ends) {
        assertThat(Segmentation.isFaultOf(new NativeIoException("sendmsg", errno)))
                .as(name)
                .isEqualTo(ends);
    }

    @Test
    void otherFailuresDoNotEndIt() {
        assertThat(Segmentation.isFaultOf(new ClosedChannelException())).isFalse();
    }
}
