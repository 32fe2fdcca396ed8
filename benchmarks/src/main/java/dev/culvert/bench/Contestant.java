package dev.culvert.bench;

import java.util.List;

/**
 * A server that can be measured, and how it is started on one address.
 *
 * @param name as it stands in tables
 * @param command the words that start it
 */
record Contestant(String name, List<String> command) {
    /** Culvert's STUN server, by its launcher, with one event loop. */
    static Contestant culvert(String address, int port) {
        String command = "bin/stun-server --listen udp:" + address + ":" + port
                + " --threads 1 --no-admin --unauthenticated-rate off";
        return new Contestant("culvert", List.of(command.split(" ")));
    }

    /** coturn at the fastest of its settings: one thread, nothing but UDP, no optional attribute, no log. */
    static Contestant coturn(String address, int port) {
        String command = "turnserver -n -m 1 --stun-only --no-auth --no-tls --no-dtls --no-tcp --no-tcp-relay --no-cli"
                + " --no-rfc5780 --no-stun-backward-compatibility --response-origin-only-with-rfc5780"
                + " --no-software-attribute --no-dynamic-ip-list --no-dynamic-realms --max-bps 0 --simple-log"
                + " --no-stdout-log --log-file /dev/null --pidfile /dev/null"
                + " --listening-ip " + address + " --listening-port " + port;
        return new Contestant("coturn", List.of(command.split(" ")));
    }
}
