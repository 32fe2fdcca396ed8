package dev.culvert.relay.convert;

import dev.culvert.relay.config.TurnSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who may relay. */
final class AccessConversion {
    private static final String KEY_MARK = "0x";

    private final CoturnFile in;
    private final Draft draft;

    private AccessConversion(CoturnFile in, Draft draft) {
        this.in = in;
        this.draft = draft;
    }

    static void convert(CoturnFile in, Draft draft) {
        AccessConversion conversion = new AccessConversion(in, draft);
        conversion.realm();
        conversion.secrets();
        conversion.users();
        conversion.openToAll();
    }

    private void realm() {
        in.last("realm")
                .ifPresentOrElse(
                        line -> in.parse(line, TurnSettings.REALM.parser())
                                .ifPresent(realm -> draft.put(TurnSettings.REALM, List.of(realm), in.lines("realm"))),
                        () -> draft.difference(
                                "coturn takes the domain name of its host for the realm; here realm must be"
                                        + " given, and hashes of passwords hold for one realm alone."));
    }

    private boolean hasSecrets() {
        return in.isOn("use-auth-secret") || !in.lines("static-auth-secret").isEmpty();
    }

    private void secrets() {
        List<CoturnLine> lines = in.lines("static-auth-secret");
        lines.stream()
                .filter(line -> line.value().isBlank())
                .forEach(line -> in.refuseSecret(line, "is empty", "give a secret that nobody can guess"));
        if (!lines.isEmpty()) {
            draft.put(
                    TurnSettings.SHARED_SECRET,
                    lines.stream().map(CoturnLine::value).distinct().toList(),
                    in.lines("use-auth-secret", "static-auth-secret"),
                    "it may stand in a file of its own instead, shared-secret-file.");
        }
        draft.remark(
                in.lines("use-auth-secret"),
                "its secrets are in a database, which is not read: put them into files, shared-secret-file");
    }

    private void users() {
        List<CoturnLine> lines = in.lines("user");
        if (hasSecrets()) {
            draft.remark(
                    lines,
                    "coturn ignores users beside time-limited credentials; here both would hold, so this"
                            + " one is left out");
            return;
        }
        Map<String, CoturnLine> byName = new LinkedHashMap<>();
        lines.forEach(line -> named(line, byName));
        List<CoturnLine> plain = new ArrayList<>();
        byName.values().stream().filter(line -> !isKey(line)).forEach(plain::add);
        if (!plain.isEmpty()) {
            draft.put(
                    TurnSettings.USER,
                    plain.stream().map(AccessConversion::user).toList(),
                    plain,
                    "users-file names a file of them instead, which is read again when it changes.");
        }
        draft.remark(
                byName.values().stream().filter(AccessConversion::isKey).toList(),
                "a key instead of a password stands in a file here: write NAME: md5:KEY, the key without 0x, into the"
                        + " users-file");
        draft.remark(lines, "a later line gives this user another password");
        if (!lines.isEmpty() || in.isOn("lt-cred-mech")) {
            draft.difference("users that turnadmin put into coturn's database are not read: users-file takes them.");
        }
    }

    private void named(CoturnLine line, Map<String, CoturnLine> byName) {
        int colon = line.value().indexOf(':');
        if (colon < 1 || line.value().substring(colon + 1).isBlank()) {
            in.refuseSecret(line, "is no NAME:PASSWORD", "write both, with a colon between them");
            return;
        }
        if (isKey(line) && !line.value().substring(colon + 1).strip().matches("0x[0-9A-Fa-f]{32}")) {
            in.refuseSecret(line, "its key is not hexadecimal of the right length", "write 0x and 32 digits");
        }
        byName.put(line.value().substring(0, colon), line);
    }

    private static boolean isKey(CoturnLine line) {
        return line.value().substring(line.value().indexOf(':') + 1).strip().startsWith(KEY_MARK);
    }

    /** Coturn skips blanks before the password. */
    private static String user(CoturnLine line) {
        int colon = line.value().indexOf(':');
        return line.value().substring(0, colon + 1)
                + line.value().substring(colon + 1).stripLeading();
    }

    private void openToAll() {
        boolean isClosed = hasSecrets() || !in.lines("user").isEmpty() || in.isOn("lt-cred-mech");
        if (in.isOn("no-auth") && !isClosed) {
            draft.put(
                    TurnSettings.INSECURE_NO_AUTH,
                    List.of("true"),
                    in.lines("no-auth"),
                    "everybody may relay through this server, which is never right on the internet.");
        }
        draft.remark(in.lines("no-auth"), "credentials are asked for, as other lines say");
        draft.remark(in.lines("lt-cred-mech"), "always so, unless insecure-no-auth is given");
        if (!isClosed && in.lines("no-auth").isEmpty()) {
            draft.difference("coturn relays for everybody where no user is known; here at least one of user,"
                    + " users-file, shared-secret and shared-secret-file must be given.");
        }
    }
}
