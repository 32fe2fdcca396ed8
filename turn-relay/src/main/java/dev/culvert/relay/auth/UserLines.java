package dev.culvert.relay.auth;

import dev.culvert.server.config.Given;
import dev.culvert.server.config.Problem;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.integrity.IntegrityKey;
import dev.culvert.stun.integrity.OpaqueString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads users line by line and collects what is wrong. Mutable, used for one text. */
final class UserLines {
    /** RFC 8489 §14.3: USERNAME has fewer than 509 bytes. */
    private static final int MAX_NAME_BYTES = 508;

    private static final Pattern HASH = Pattern.compile("(md5|sha256):(.*)");
    private static final String FORM = "write name: password, name: md5:HEX or name: sha256:HEX";

    private final String realm;
    private final Map<String, User> users = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private record User(String firstSeen, Map<PasswordAlgorithm, IntegrityKey> keys) {}

    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final String right;

        Wrong(String wrong, String right) {
            super(wrong);
            this.right = right;
        }
    }

    UserLines(String realm) {
        this.realm = realm;
    }

    /** {@code NAME:PASSWORD}, in which nothing but the first colon has a meaning. */
    void readOption(Given option) {
        String text = option.text();
        collect(option.where(), () -> {
            int colon = colon(text, "write NAME:PASSWORD");
            String name = preparedName(text.substring(0, colon));
            add(option.where(), name, passwordKeys(name, text.substring(colon + 1)));
        });
    }

    void readFileLine(String where, String line) {
        if (line.isBlank() || line.stripLeading().startsWith("#")) {
            return;
        }
        collect(where, () -> {
            int colon = colon(line, FORM);
            String name = preparedName(line.substring(0, colon).strip());
            String value = line.substring(colon + 1).strip();
            add(where, name, HASH.matcher(value).matches() ? hashKeys(value) : passwordKeys(name, value));
        });
    }

    /** The users, where nothing is wrong. */
    List<Credential> users() throws InvalidUsersException {
        requireCommonAlgorithm();
        if (!problems.isEmpty()) {
            throw new InvalidUsersException(problems);
        }
        List<Credential> credentials = new ArrayList<>();
        users.forEach((name, user) -> credentials.add(new Credential(name, name, user.keys(), Credential.NEVER)));
        return credentials;
    }

    private interface Reading {
        void read() throws Wrong;
    }

    private void collect(String where, Reading reading) {
        try {
            reading.read();
        } catch (Wrong e) {
            // The value may be a password, or a password with its name forgotten: it is not shown.
            problems.add(new Problem(where, "", String.valueOf(e.getMessage()), e.right));
        }
    }

    private static int colon(String text, String form) throws Wrong {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new Wrong("there is no colon", form);
        }
        return colon;
    }

    private static String preparedName(String name) throws Wrong {
        try {
            // RFC 8489 §14.3: a username has been processed by OpaqueString.
            String prepared = OpaqueString.require("name", name);
            if (prepared.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                throw new Wrong("the name is too long", "USERNAME has at most " + MAX_NAME_BYTES + " bytes");
            }
            return prepared;
        } catch (IllegalArgumentException e) {
            throw new Wrong(String.valueOf(e.getMessage()), "write a name before the colon");
        }
    }

    private Map<PasswordAlgorithm, IntegrityKey> passwordKeys(String name, String password) throws Wrong {
        try {
            return Credential.keys(name, realm, password);
        } catch (IllegalArgumentException e) {
            throw new Wrong(String.valueOf(e.getMessage()), "");
        }
    }

    private static Map<PasswordAlgorithm, IntegrityKey> hashKeys(String value) throws Wrong {
        Map<PasswordAlgorithm, IntegrityKey> keys = new HashMap<>();
        for (String word : value.split("\\s+")) {
            Matcher hash = HASH.matcher(word);
            if (!hash.matches()) {
                throw new Wrong(
                        "something other than a hash follows a hash", "a password cannot begin with md5: or sha256:");
            }
            boolean md5 = hash.group(1).equals("md5");
            IntegrityKey key = IntegrityKey.of(bytes(hash.group(2), md5 ? 16 : 32));
            if (keys.put(md5 ? PasswordAlgorithm.MD5 : PasswordAlgorithm.SHA_256, key) != null) {
                throw new Wrong("the same hash twice", "write one md5:HEX and one sha256:HEX at most");
            }
        }
        return keys;
    }

    private static byte[] bytes(String hex, int lengthBytes) throws Wrong {
        if (!hex.matches("[0-9A-Fa-f]{" + 2 * lengthBytes + "}")) {
            throw new Wrong("the hash is not hexadecimal of the right length", "write " + 2 * lengthBytes + " digits");
        }
        return HexFormat.of().parseHex(hex);
    }

    private void add(String where, String name, Map<PasswordAlgorithm, IntegrityKey> keys) throws Wrong {
        User user = users.computeIfAbsent(name, unused -> new User(where, new HashMap<>()));
        for (Map.Entry<PasswordAlgorithm, IntegrityKey> key : keys.entrySet()) {
            if (user.keys.putIfAbsent(key.getKey(), key.getValue()) != null) {
                throw new Wrong(
                        "the user " + name + " is already there (" + user.firstSeen + ")", "write each user once");
            }
        }
    }

    /** Where some users have MD5 alone and others SHA-256 alone, no challenge would do for all of them. */
    private void requireCommonAlgorithm() {
        Optional<Map.Entry<String, User>> md5Only = firstWithout(PasswordAlgorithm.SHA_256);
        Optional<Map.Entry<String, User>> sha256Only = firstWithout(PasswordAlgorithm.MD5);
        if (md5Only.isPresent() && sha256Only.isPresent()) {
            String wrong = sha256Only.get().getKey() + " has only sha256 and "
                    + md5Only.get().getKey() + " only md5, but one challenge must do for all users";
            String where = sha256Only.get().getValue().firstSeen;
            problems.add(new Problem(where, "", wrong, "add the md5 of the one or the sha256 of the other"));
        }
    }

    private Optional<Map.Entry<String, User>> firstWithout(PasswordAlgorithm algorithm) {
        return users.entrySet().stream()
                .filter(user -> !user.getValue().keys.containsKey(algorithm))
                .findFirst();
    }
}
