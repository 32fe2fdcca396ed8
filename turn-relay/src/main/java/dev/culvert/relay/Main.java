package dev.culvert.relay;

import dev.culvert.relay.config.RelayConfig;
import dev.culvert.relay.config.TurnBinding;
import dev.culvert.relay.config.TurnSettings;
import dev.culvert.relay.convert.ConvertCommand;
import dev.culvert.relay.demo.DemoCommand;
import dev.culvert.relay.doctor.DoctorCommand;
import dev.culvert.relay.io.RelayService;
import dev.culvert.server.ProgramCommand;
import dev.culvert.server.ServerCommand;
import dev.culvert.server.ServerLifecycle;
import dev.culvert.server.ServerProgram;
import java.time.InstantSource;
import java.util.List;

/** The program {@code turn-relay}. */
public final class Main {
    private Main() {}

    /** Runs the command line and exits: 0 after a drain, 1 if something cannot be had, 2 if the options are wrong. */
    public static void main(String[] arguments) {
        ServerProgram<RelayConfig> program = program(
                configuration -> ServerLifecycle.run(configuration, RelayConfig::server, RelayService::start),
                InstantSource.system());
        System.exit(new ServerCommand<>(program, System.getenv()).execute(arguments));
    }

    static ServerProgram<RelayConfig> program(ServerProgram.Service<RelayConfig> service, InstantSource clock) {
        return new ServerProgram<>(
                "turn-relay",
                "A TURN server: relays between clients behind NATs and their peers (RFC 8656); a STUN server too (RFC"
                        + " 8489, RFC 5780).",
                TurnSettings.ALL,
                TurnBinding::bind,
                service,
                commands(clock));
    }

    private static List<ProgramCommand> commands(InstantSource clock) {
        return List.of(
                new PolicyCommand(),
                new CredentialsCommand(clock),
                new ConvertCommand(),
                new DoctorCommand(),
                new DemoCommand());
    }
}
