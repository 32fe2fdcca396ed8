/** Capture files: from pcap and pcapng down to the messages of UDP and TCP. */
@NullMarked
package dev.culvert.probe.capture;

import org.jspecify.annotations.NullMarked;
