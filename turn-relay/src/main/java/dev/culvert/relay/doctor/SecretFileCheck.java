package dev.culvert.relay.doctor;

import dev.culvert.relay.config.TurnSettings;
import dev.culvert.server.config.ServerConfig.TlsIdentity;
import java.util.List;
import java.util.stream.Stream;

/** Whether others on the machine can read what only the server should. */
final class SecretFileCheck {
    private SecretFileCheck() {}

    static List<Finding> of(Subject subject) {
        Stream<String> keys = subject.config().server().tlsIdentities().stream().map(TlsIdentity::keyFile);
        Stream<String> access = Stream.of(
                        TurnSettings.USERS_FILE, TurnSettings.SHARED_SECRET_FILE, TurnSettings.NONCE_KEY_FILE)
                .flatMap(setting -> subject.values().all(setting).stream());
        Stream<String> token = subject.config().server().admin().tokenFile().stream();
        return Stream.of(keys, access, token)
                .flatMap(files -> files)
                .distinct()
                .filter(subject.host()::isReadableByAll)
                .map(file -> Finding.warn(
                        "secret files", "every user of this machine can read " + file, "chmod o-rwx " + file))
                .toList();
    }
}
