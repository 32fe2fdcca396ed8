package dev.culvert.ice.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.ice.gather.Candidate;
import dev.culvert.ice.gather.CandidateAddress;
import dev.culvert.testkit.Rfc;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IceDescriptionTest {
    private static final String OFFER = String.join(
            "\r\n",
            "v=0",
            "o=jdoe 2890844526 2890842807 IN IP4 203.0.113.141",
            "s=",
            "c=IN IP4 192.0.2.3",
            "t=0 0",
            "a=ice-lite",
            "a=ice-options:ice2 google-ice",
            "a=ice-pacing:50",
            "a=ice-pwd:asd88fgpdd777uzjYhagZg",
            "a=ice-ufrag:8hhY",
            "m=audio 45664/2 RTP/AVP 0 8",
            "c=IN IP6 2001:db8::3",
            "b=RS:0",
            "a=rtpmap:0 PCMU/8000",
            "a=rtcp:53020 IN IP4 126.16.64.4",
            "a=candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host",
            "a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
            "a=candidate:3 1 UDP 1694498815 192.0.2.3 45664 typ nextcentury",
            "a=remote-candidates:1 192.0.2.3 45664 2 192.0.2.3 45665",
            "a=end-of-candidates",
            "m=video 0 RTP/AVP 31",
            "a=ice-mismatch",
            "a=ice-pwd:YH75Fviy6338Vbrhrlp8Yh",
            "a=ice-ufrag:9uB6",
            "a=rtcp:53022",
            "");

    /** Captured from Chromium, which hides its addresses. */
    private static final String BROWSER = String.join(
            "\r\n",
            "v=0",
            "o=- 4477110390396376707 2 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "a=extmap-allow-mixed",
            "a=msid-semantic: WMS",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            "c=IN IP4 0.0.0.0",
            "a=candidate:2797843424 1 udp 2113937151 665793ad-f371-4f53-9155-b4e4cd51ee95.local 54566 typ host"
                    + " generation 0 network-cost 999",
            "a=candidate:2712788816 1 udp 2113942271 086c5b48-cd5a-4952-ac34-9ab3063529c7.local 41709 typ host"
                    + " generation 0 network-cost 999",
            "a=ice-ufrag:kAXx",
            "a=ice-pwd:Gvoa/7Smy6Z9XNWUKUj5bMT2",
            "a=ice-options:trickle",
            "a=setup:actpass",
            "a=mid:0",
            "a=sctp-port:5000",
            "");

    @Test
    void descriptionOfABrowserComesBackAsItWas() {
        IceDescription browser = IceDescription.parse(BROWSER);

        assertThat(browser).hasToString(BROWSER);
        assertThat(browser.streams()).hasSize(1);
        assertThat(browser.streams().get(0).candidates())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.address().isMulticastName()).isTrue());
    }

    @Test
    @Rfc({"8839#5.3", "8839#5.4 (1)", "8839#5.5", "8839#5.6", "3605#2.1 (1)"})
    void descriptionComesBackAsItWas() {
        assertThat(IceDescription.parse(OFFER)).hasToString(OFFER);
    }

    @Test
    @Rfc({"8839#5.1 (3)", "8839#5.3", "8839#5.4 (1)"})
    void streamsHaveWhatTheySayAndElseWhatTheSessionSays() {
        IceDescription offer = IceDescription.parse(OFFER);
        IceDescription.Section audio = offer.streams().get(0);
        IceDescription.Section video = offer.streams().get(1);

        assertThat(offer.isLite()).isTrue();
        assertThat(audio.candidates()).hasSize(2);
        assertThat(audio.isEndOfCandidates()).isTrue();
        assertThat(offer.of(audio, SdpLine.IceUfrag.class)).contains(new SdpLine.IceUfrag("8hhY"));
        assertThat(offer.of(video, SdpLine.IceUfrag.class)).contains(new SdpLine.IceUfrag("9uB6"));
        assertThat(offer.of(video, SdpLine.IcePacing.class)).contains(new SdpLine.IcePacing(50));
        assertThat(video.first(SdpLine.IceMismatch.class)).isPresent();
        assertThat(audio.first(SdpLine.Rtcp.class))
                .contains(new SdpLine.Rtcp(53020, Optional.of(SdpLine.Connection.of("126.16.64.4"))));
        assertThat(audio.first(SdpLine.Media.class)).contains(new SdpLine.Media("audio", 45664, "/2 RTP/AVP 0 8"));
    }

    @ParameterizedTest
    @Rfc("8839#5.4 (2)")
    @CsvSource(
            delimiter = '|',
            value = {
                "a=ice-ufrag:8h | column 13: the username fragment has 4 to 256",
                "a=ice-pwd:asd88fgpdd777uzjYhag_g | column 11: the password has 22 to 256",
                "a=ice-pacing:fast | column 14: the pacing is a number",
                "a=ice-options:ice2  trickle | column 20: an option is missing",
                "a=rtcp:70000 | column 8: the port is a number from 0 to 65535",
                "a=rtcp:5000 IN IP5 ::1 | column 16: the address type is IP4 or IP6",
                "m=audio RTP/AVP 0 | column 9: the port is a number",
                "c=IN IP4 | column 9: the address is missing",
                "c=IN IP4 1.2.3.4 5 | column 18: nothing is expected here",
                "a=remote-candidates:1 192.0.2.3 | column 32: the port is missing",
            })
    void errorsNameThePlace(String line, String fault) {
        assertThatThrownBy(() -> SdpLine.parse(line))
                .isInstanceOf(SdpSyntaxException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void damagedDescriptionsAreReadOrRefused() {
        for (long seed = 0; seed < 10_000; seed++) {
            Random random = new Random(seed);
            StringBuilder damaged = new StringBuilder(OFFER);
            for (int i = 0; i < 3; i++) {
                damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(256));
            }
            try {
                IceDescription read = IceDescription.parse(damaged.toString());
                assertThat(IceDescription.parse(read.toString()))
                        .as("seed %d", seed)
                        .isEqualTo(read);
            } catch (SdpSyntaxException e) {
                assertThat(e.getMessage()).as("seed %d", seed).contains("column");
            }
        }
    }

    @Test
    @Rfc({"3605#2.1 (1)", "8839#4.2.2"})
    void defaultDestinationIsTheOneThatIsLikelyToWork() {
        List<Candidate> candidates = candidates(
                "candidate:1 1 UDP 2130706431 192.168.1.7 5000 typ host",
                "candidate:1 2 UDP 2130706430 192.168.1.7 5001 typ host",
                "candidate:2 1 UDP 1694498815 203.0.113.1 6000 typ srflx raddr 192.168.1.7 rport 5000",
                "candidate:2 2 UDP 1694498814 203.0.113.1 6007 typ srflx raddr 192.168.1.7 rport 5001");

        DefaultDestination destination = DefaultDestination.among(candidates);

        assertThat(destination.lines("audio", "RTP/AVP 0"))
                .extracting(SdpLine::toString)
                .containsExactly("m=audio 6000 RTP/AVP 0", "c=IN IP4 203.0.113.1", "a=rtcp:6007");
    }

    @Test
    @Rfc({"3605#2.1 (2)", "8839#4.2.2"})
    void rtcpOnTheNextPortGoesUnsaid() {
        List<Candidate> candidates = candidates(
                "candidate:1 1 UDP 2130706431 2001:db8::7 5000 typ host",
                "candidate:1 2 UDP 2130706430 2001:db8::7 5001 typ host");

        assertThat(DefaultDestination.among(candidates).lines("audio", "RTP/AVP 0"))
                .extracting(SdpLine::toString)
                .containsExactly("m=audio 5000 RTP/AVP 0", "c=IN IP6 2001:db8::7");
    }

    @Test
    @Rfc("8839#4.3.1")
    void withoutCandidatesTheDestinationIsNowhere() {
        assertThat(DefaultDestination.among(List.of()).rtp()).isEqualTo(new CandidateAddress("0.0.0.0", 9));
    }

    private static List<Candidate> candidates(String... lines) {
        return List.of(lines).stream().map(CandidateAttribute::parse).toList();
    }
}
