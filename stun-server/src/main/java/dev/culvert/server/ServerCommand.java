package dev.culvert.server;

import dev.culvert.server.admin.Version;
import dev.culvert.server.config.ConfigSchema;
import dev.culvert.server.config.ConfigText;
import dev.culvert.server.config.EnvironmentLayer;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.Given;
import dev.culvert.server.config.Layer;
import dev.culvert.server.config.Nearest;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import dev.culvert.server.config.Setting;
import dev.culvert.server.config.Settings;
import dev.culvert.server.config.Values;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command line of a server program: its settings as options, {@code check}, {@code config},
 * {@code help}, {@code generate-completion}, those of the program itself, and without a subcommand the server itself.
 */
public final class ServerCommand<C> {
    /** Exit code where something that the operator gave is wrong. */
    public static final int USAGE = 2;

    private static final String CONFIG = "--config";
    private static final String PRINT_CONFIG = "--print-config";
    private static final String EXAMPLE = "--example";
    private static final String SCHEMA = "--schema";

    private final ServerProgram<C> program;
    private final Map<String, String> environment;
    private final CommandLine commandLine;

    /** The command of {@code program}, reading settings also from {@code environment}. */
    public ServerCommand(ServerProgram<C> program, Map<String, String> environment) {
        this.program = program;
        this.environment = Map.copyOf(environment);
        this.commandLine =
                new CommandLine(rootSpec()).setUnmatchedArgumentsAllowed(true).setExecutionStrategy(this::run);
    }

    /** The picocli model, for tests. */
    public CommandLine commandLine() {
        return commandLine;
    }

    /** Parses {@code arguments} and does what they say; returns the exit code. */
    public int execute(String... arguments) {
        return commandLine.execute(arguments);
    }

    private CommandSpec rootSpec() {
        CommandSpec root = spec(program.name(), program.description());
        addSettings(root, program.settings().all());
        root.usageMessage()
                .footer(
                        "",
                        "Every option may also stand in the file (listen: ...) or in the environment (CULVERT_LISTEN);",
                        "the command line wins over the environment, which wins over the file.",
                        "Exit codes: 0 ended as told, 1 something cannot be had, 2 something given is wrong.");
        root.addOption(OptionSpec.builder(PRINT_CONFIG)
                .description("Print the effective configuration, secrets hidden, and exit.")
                .build());
        CommandSpec check = spec("check", "Check the configuration only: every problem at once.");
        addSettings(check, program.settings().all());
        root.addSubcommand("check", check);
        root.addSubcommand("config", configSpec());
        program.commands().forEach(command -> root.addSubcommand(command.name(), spec(command)));
        root.addSubcommand("help", CommandSpec.forAnnotatedObject(new HelpCommand()));
        root.addSubcommand("generate-completion", CommandSpec.forAnnotatedObject(new GenerateCompletion()));
        return root;
    }

    private CommandSpec configSpec() {
        CommandSpec config =
                spec("config", "Print a configuration file to start from, or what an editor checks it by.");
        config.addOption(OptionSpec.builder(EXAMPLE)
                .description("Every setting, explained and commented out.")
                .build());
        config.addOption(OptionSpec.builder(SCHEMA)
                .description("The JSON Schema of the file, for editors.")
                .build());
        return config;
    }

    private CommandSpec spec(ProgramCommand command) {
        CommandSpec spec = spec(command.name(), command.description());
        command.define(spec);
        addSettings(spec, command.settings());
        return spec;
    }

    private CommandSpec spec(String name, String description) {
        CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
        spec.version(program.name() + " " + Version.text());
        spec.usageMessage().description(description).sortOptions(false).abbreviateSynopsis(true);
        spec.parser().collectErrors(true);
        return spec;
    }

    private static void addSettings(CommandSpec spec, List<Setting<?>> settings) {
        spec.addOption(OptionSpec.builder(CONFIG)
                .paramLabel("FILE")
                .type(String.class)
                .description("Read settings from this YAML or JSON file.")
                .build());
        for (Setting<?> setting : settings) {
            spec.addOption(option(setting));
            if (!setting.offSwitch().isEmpty()) {
                spec.addOption(flag("--" + setting.offSwitch())
                        .description("The same as " + setting.option() + " " + Setting.OFF + ".")
                        .build());
            }
        }
    }

    private static OptionSpec option(Setting<?> setting) {
        String repeat = setting.repeatable() ? " Repeatable." : "";
        String help = setting.help() + repeat + " Default: " + setting.shownDefault() + ".";
        OptionSpec.Builder option = setting.isFlag()
                ? flag(setting.option())
                : OptionSpec.builder(setting.option())
                        .paramLabel(setting.label())
                        .arity("1");
        return option.type(List.class)
                .auxiliaryTypes(String.class)
                .description(help.replace("%", "%%"))
                .build();
    }

    private static OptionSpec.Builder flag(String name) {
        return OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..1")
                .fallbackValue("true")
                .paramLabel("true|false");
    }

    private int run(ParseResult root) {
        Integer help = CommandLine.executeHelpRequest(root);
        if (help != null) {
            return help;
        }
        ParseResult command = root.hasSubcommand() ? root.subcommand() : root;
        String name = root.hasSubcommand() ? command.commandSpec().name() : "";
        if (name.equals("generate-completion")) {
            return new CommandLine.RunLast().execute(root);
        }
        Problems problems = new Problems();
        noteParseErrors(root, problems);
        if (command != root) {
            noteParseErrors(command, problems);
        }
        if (name.equals("config")) {
            return config(command, problems);
        }
        for (ProgramCommand own : program.commands()) {
            if (own.name().equals(name)) {
                return run(own, root, command, problems);
            }
        }
        return serve(root, command, problems);
    }

    private int run(ProgramCommand own, ParseResult root, ParseResult command, Problems problems) {
        boolean isMisused = !problems.list().isEmpty();
        ProgramCommand.Action action = own.bind(command, values(root, command, new Settings(own.settings()), problems));
        if ((isMisused || !own.tellsProblems()) && fail(problems)) {
            return USAGE;
        }
        PrintWriter out = commandLine.getOut();
        int exitCode = action.run(out);
        out.flush();
        return exitCode;
    }

    private int config(ParseResult command, Problems problems) {
        boolean isSchema = command.hasMatchedOption(SCHEMA);
        if (isSchema == command.hasMatchedOption(EXAMPLE)) {
            problems.add(new Problem(
                    "config",
                    "",
                    isSchema ? "prints one at a time" : "prints nothing by itself",
                    "give " + EXAMPLE + " or " + SCHEMA));
        }
        if (fail(problems)) {
            return USAGE;
        }
        String text = isSchema
                ? ConfigSchema.of(program.name(), program.settings())
                : ConfigText.example(program.name(), program.settings());
        commandLine.getOut().print(text);
        commandLine.getOut().flush();
        return 0;
    }

    private int serve(ParseResult root, ParseResult command, Problems problems) {
        Optional<Path> file = configFile(root, command).map(given -> Path.of(given.text()));
        Configuration<C> configuration = new Configuration<>(
                found -> values(root, command, program.settings(), found), file, program.binding(), problems);
        if (fail(problems)) {
            return USAGE;
        }
        PrintWriter out = commandLine.getOut();
        if (root.hasMatchedOption(PRINT_CONFIG)) {
            out.print(ConfigText.effective(configuration.first().values()));
            out.flush();
            return 0;
        }
        if (command != root) {
            out.println("the configuration is valid");
            out.flush();
            return 0;
        }
        return program.service().run(configuration);
    }

    /** The values of all layers, the last being what stands behind the command, of which {@code own} are options. */
    private Values values(ParseResult root, ParseResult command, Settings own, Problems problems) {
        List<Layer> layers = new ArrayList<>();
        configFile(root, command).ifPresent(file -> layers.add(FileLayer.read(file, program.settings(), problems)));
        layers.add(EnvironmentLayer.read(environment, program.settings(), problems));
        layers.add(optionLayer(root, program.settings(), problems));
        if (command != root) {
            layers.add(optionLayer(command, own, problems));
        }
        return new Values(program.settings(), layers, problems);
    }

    private Optional<Given> configFile(ParseResult root, ParseResult command) {
        ParseResult named = command.hasMatchedOption(CONFIG) ? command : root;
        String option = named.matchedOptionValue(CONFIG, "");
        if (!option.isEmpty()) {
            return Optional.of(new Given(option, CONFIG));
        }
        String variable = environment.getOrDefault("CULVERT_CONFIG", "");
        return variable.isBlank() ? Optional.empty() : Optional.of(new Given(variable, "CULVERT_CONFIG"));
    }

    private static Layer optionLayer(ParseResult parsed, Settings settings, Problems problems) {
        Layer layer = new Layer();
        for (OptionSpec option : parsed.matchedOptionsSet()) {
            String name = option.longestName();
            List<String> texts = option.originalStringValues();
            layer.put(
                    settings,
                    name.substring(2),
                    texts.stream().map(text -> new Given(text, name)).toList(),
                    problems);
        }
        return layer;
    }

    private static void noteParseErrors(ParseResult parsed, Problems problems) {
        for (Exception error : parsed.errors()) {
            problems.add(new Problem("command line", "", String.valueOf(error.getMessage()), "see --help"));
        }
        List<String> options = new ArrayList<>(parsed.commandSpec().optionsMap().keySet());
        boolean afterUnknownOption = false;
        for (String argument : parsed.unmatched()) {
            boolean isOption = argument.startsWith("-");
            if (isOption) {
                String name = argument.split("=", 2)[0];
                problems.add(new Problem(name, "", "no such option", Nearest.suggestion(name, options, "see --help")));
            }
            if (!isOption && !afterUnknownOption) {
                List<String> commands =
                        new ArrayList<>(parsed.commandSpec().subcommands().keySet());
                problems.add(new Problem(
                        "command line",
                        argument,
                        "neither an option nor a command",
                        Nearest.suggestion(argument, commands, "see --help")));
            }
            afterUnknownOption = isOption;
        }
    }

    /** Reports the problems, one a line; false if there are none. */
    private boolean fail(Problems problems) {
        PrintWriter err = commandLine.getErr();
        problems.list().forEach(problem -> err.println(program.name() + ": " + problem));
        err.flush();
        return !problems.list().isEmpty();
    }
}
