package dev.culvert.server.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The bearer token that admin requests must show (RFC 6750 §2.1). Only its digest is kept. */
public final class AdminToken {
    private static final String SCHEME = "Bearer ";

    private final byte[] digest;

    private AdminToken(byte[] digest) {
        this.digest = digest;
    }

    /** The token in the file that was given, if one was. */
    public static Optional<AdminToken> read(Optional<String> file) throws IOException {
        return file.isEmpty() ? Optional.empty() : Optional.of(read(Path.of(file.get())));
    }

    /** The token in {@code file}, white space around it removed. */
    public static AdminToken read(Path file) throws IOException {
        String token = Files.readString(file).strip();
        if (token.isEmpty()) {
            throw new IOException(file + " holds no token");
        }
        return new AdminToken(sha256(token));
    }

    /** Whether an {@code Authorization} header shows this token. */
    public boolean isShownBy(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        // Of equal length whatever was sent, and compared in constant time.
        return MessageDigest.isEqual(
                digest, sha256(authorization.substring(SCHEME.length()).strip()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "AdminToken";
    }
}
