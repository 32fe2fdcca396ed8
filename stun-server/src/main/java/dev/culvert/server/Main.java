package dev.culvert.server;

import dev.culvert.server.config.ServerConfig;
import dev.culvert.server.config.ServerSettings;

/** The program {@code stun-server}. */
public final class Main {
    private Main() {}

    /** Runs the command line and exits: 0 after a drain, 1 if something cannot be had, 2 if the options are wrong. */
    public static void main(String[] arguments) {
        ServerProgram<ServerConfig> program =
                program(configuration -> ServerLifecycle.run(configuration, config -> config, StunService::start));
        System.exit(new ServerCommand<>(program, System.getenv()).execute(arguments));
    }

    static ServerProgram<ServerConfig> program(ServerProgram.Service<ServerConfig> service) {
        return new ServerProgram<>(
                "stun-server",
                "A STUN server: tells clients their public address (RFC 8489) and helps them find out what their NAT does"
                        + " (RFC 5780).",
                ServerSettings.ALL,
                ServerSettings::bind,
                service);
    }
}
