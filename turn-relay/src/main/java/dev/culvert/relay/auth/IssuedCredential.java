package dev.culvert.relay.auth;

/**
 * A username and the password that goes with it, to be handed to a client. Its text shows no password.
 *
 * @param username the value of USERNAME
 * @param password what the client types
 */
public record IssuedCredential(String username, String password) {
    @Override
    public String toString() {
        return "IssuedCredential[username=" + username + "]";
    }
}
