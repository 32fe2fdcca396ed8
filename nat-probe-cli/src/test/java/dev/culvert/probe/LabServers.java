package dev.culvert.probe;

import dev.culvert.testkit.Requirements;
import dev.culvert.testkit.lab.LabCommand;
import dev.culvert.testkit.lab.LabHost;
import java.nio.file.Path;
import java.util.List;

/** The servers outside of a laboratory's NAT, ours on 203.0.113.1 and .2, coturn on .3 and .4, and nat-probe inside. */
final class LabServers {

    private LabServers() {}

    /** Skips the test where this machine has no room for a laboratory. */
    static void require() {
        Requirements.root();
        for (String command : List.of("unshare", "nsenter", "ip", "nft", "turnserver")) {
            Requirements.command(command);
        }
    }

    /** Starts both; ready when this returns. */
    static void start(LabHost outside, Path logs) {
        String coturn = "turnserver -n --no-auth --no-cli --no-tls --no-dtls --stun-only"
                + " --listening-ip 203.0.113.3 --listening-ip 203.0.113.4"
                + " --listening-ip 2001:db8:1::3 --listening-ip 2001:db8:1::4"
                + " --pidfile /dev/null --log-file stdout --simple-log";
        outside.start(logs.resolve("coturn.log"), coturn.split(" "));
        Programs.startStunServer(
                outside,
                logs.resolve("stun-server.log"),
                "--listen udp:203.0.113.1:3478 --alternate-address 203.0.113.2"
                        + " --listen udp:[2001:db8:1::1]:3478 --alternate-address 2001:db8:1::2"
                        + " --receipts --threads 1 --no-admin");
    }

    /** Runs nat-probe on {@code client} to its end. */
    static LabCommand natProbe(LabHost client, String... arguments) {
        return client.run(Programs.natProbe(arguments));
    }
}
