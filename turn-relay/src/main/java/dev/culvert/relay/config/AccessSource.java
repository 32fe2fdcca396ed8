package dev.culvert.relay.config;

import dev.culvert.relay.auth.Credentials;
import dev.culvert.relay.auth.InvalidUsersException;
import dev.culvert.relay.auth.NonceKeys;
import dev.culvert.relay.auth.SharedSecret;
import dev.culvert.relay.auth.SharedSecrets;
import dev.culvert.relay.auth.StaticUsers;
import dev.culvert.server.config.FileLayer;
import dev.culvert.server.config.Given;
import dev.culvert.server.config.Problem;
import dev.culvert.server.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an operator gave to tell who may relay. Its files are read at each call.
 *
 * @param realm of the long-term credentials
 * @param users each {@code NAME:PASSWORD}
 * @param usersFile at most one
 * @param secrets shared secrets given as they are
 * @param secretFiles with one shared secret each
 * @param nonceKeyFile at most one
 */
record AccessSource(
        String realm,
        List<Given> users,
        List<Given> usersFile,
        List<SharedSecret> secrets,
        List<Given> secretFiles,
        List<Given> nonceKeyFile) {

    /** The users, and whoever knows a shared secret, as far as they are sound; all else is noted. */
    Credentials credentials(Problems problems) {
        List<Credentials> parts = new ArrayList<>();
        if (!users.isEmpty() || !usersFile.isEmpty()) {
            staticUsers(problems).ifPresent(parts::add);
        }
        List<SharedSecret> all = sharedSecrets(problems);
        if (!all.isEmpty()) {
            parts.add(SharedSecrets.of(realm, all));
        }
        return Credentials.all(parts);
    }

    private Optional<Credentials> staticUsers(Problems problems) {
        String file = usersFile.isEmpty() ? "" : usersFile.get(0).text();
        String text =
                usersFile.isEmpty() ? "" : read(usersFile.get(0), problems).orElse("");
        try {
            return Optional.of(StaticUsers.of(realm, users, file, text));
        } catch (InvalidUsersException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    /** Those given as they are, then those of the files, as far as they are sound. */
    List<SharedSecret> sharedSecrets(Problems problems) {
        List<SharedSecret> all = new ArrayList<>(secrets);
        for (Given file : secretFiles) {
            read(file, problems, SharedSecret::ofFile).ifPresent(all::add);
        }
        return all;
    }

    /** The keys of the file; none where there is no file, or a problem. */
    Optional<NonceKeys> nonceKeys(Problems problems) {
        return nonceKeyFile.stream().findFirst().flatMap(file -> read(file, problems, NonceKeys::ofFile));
    }

    private static <T> Optional<T> read(Given file, Problems problems, Function<String, T> parser) {
        Optional<String> text = read(file, problems);
        try {
            return text.map(parser);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(file.where(), file.text(), String.valueOf(e.getMessage()), ""));
            return Optional.empty();
        }
    }

    private static Optional<String> read(Given file, Problems problems) {
        try {
            return Optional.of(Files.readString(Path.of(file.text())));
        } catch (IOException e) {
            problems.add(new Problem(file.where(), file.text(), FileLayer.unreadable(e), "name a readable file"));
            return Optional.empty();
        }
    }
}
