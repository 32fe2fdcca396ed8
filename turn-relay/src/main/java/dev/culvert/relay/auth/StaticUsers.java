package dev.culvert.relay.auth;

import dev.culvert.server.config.Given;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Userhash;
import dev.culvert.stun.integrity.Userhashes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Users that an operator wrote down, found by name and by USERHASH. */
public final class StaticUsers implements Credentials {
    private final Map<String, Credential> byName = new HashMap<>();
    private final Map<Userhash, Credential> byHash = new HashMap<>();
    private final SecurityOffer offer;

    private StaticUsers(String realm, Collection<Credential> users) {
        SecurityOffer common = SecurityOffer.ALL;
        for (Credential user : users) {
            byName.put(user.username(), user);
            byHash.put(Userhashes.of(user.username(), realm), user);
            common = common.and(offerOf(user));
        }
        offer = common;
    }

    /**
     * The users of {@code --user NAME:PASSWORD}.
     *
     * @param options each split at its first colon; a name twice is a problem
     * @throws InvalidUsersException with every problem; none shows a password
     */
    public static StaticUsers ofOptions(String realm, List<String> options) throws InvalidUsersException {
        List<Given> given =
                options.stream().map(text -> new Given(text, "--user")).toList();
        return of(realm, given, "", "");
    }

    /**
     * The users of a file: lines {@code name: password}, {@code name: md5:HEX} and {@code name: sha256:HEX}.
     *
     * <p>Both hashes of a user may stand on one line or on two. White space around a password is not part of it; empty
     * lines and lines that begin with {@code #} say nothing.
     *
     * @param file its name, for problems
     * @param text all of it
     * @throws InvalidUsersException with every problem and its line; none shows a password or a hash
     */
    public static StaticUsers ofFile(String realm, String file, String text) throws InvalidUsersException {
        return of(realm, List.of(), file, text);
    }

    /**
     * The users of {@code --user} and those of a file together; a name in both is a problem.
     *
     * @param options each split at its first colon
     * @param file its name, for problems
     * @param text all of it, as {@link #ofFile} takes it; empty for no file
     * @throws InvalidUsersException with every problem; none shows a password or a hash
     */
    public static StaticUsers of(String realm, List<Given> options, String file, String text)
            throws InvalidUsersException {
        UserLines lines = new UserLines(realm);
        options.forEach(lines::readOption);
        List<String> all = text.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            lines.readFileLine(file + ":" + (i + 1), all.get(i));
        }
        return new StaticUsers(realm, lines.users());
    }

    private static SecurityOffer offerOf(Credential user) {
        boolean md5 = user.keys().containsKey(PasswordAlgorithm.MD5);
        boolean sha256 = user.keys().containsKey(PasswordAlgorithm.SHA_256);
        return new SecurityOffer(md5, sha256, true);
    }

    /** How many users there are. */
    public int size() {
        return byName.size();
    }

    @Override
    public List<Credential> find(ClaimedUser user) {
        Credential found = user instanceof ClaimedUser.ByName name
                ? byName.get(name.username())
                : byHash.get(((ClaimedUser.ByHash) user).userhash());
        return found == null ? List.of() : List.of(found);
    }

    @Override
    public SecurityOffer offer() {
        return offer;
    }
}
