package dev.culvert.relay.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys with which deliveries are signed, as Standard Webhooks have it (HMAC-SHA256). Its text shows none. */
public final class WebhookSecrets {
    private static final String ENCODED = "whsec_";
    private static final int LEAST_BYTES = 16;
    private static final int MOST = 2;
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> keys;

    private WebhookSecrets(List<SecretKeySpec> keys) {
        this.keys = keys;
    }

    /** @throws IOException if {@code file} cannot be read or holds no secrets */
    static WebhookSecrets read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * The secrets of a file: one line, or two while one secret replaces the other.
     *
     * @param text each line {@code whsec_} and base64, or the key itself
     * @throws IllegalArgumentException saying what is wrong, without the secrets
     */
    public static WebhookSecrets parse(String text) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty() || lines.size() > MOST) {
            throw new IllegalArgumentException(
                    "holds " + lines.size() + " secrets; write one, or two lines while one replaces the other");
        }
        return new WebhookSecrets(lines.stream().map(WebhookSecrets::key).toList());
    }

    private static SecretKeySpec key(String line) {
        byte[] bytes = bytes(line);
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException("a secret of fewer than " + LEAST_BYTES
                    + " bytes is easily guessed; make one, for example with openssl rand -base64 32");
        }
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    private static byte[] bytes(String line) {
        if (!line.startsWith(ENCODED)) {
            return line.getBytes(UTF_8);
        }
        try {
            return Base64.getDecoder().decode(line.substring(ENCODED.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("what follows whsec_ is no base64", e);
        }
    }

    /** The value of {@code webhook-signature}: one signature for each secret. */
    String signature(String id, long epochSeconds, byte[] body) {
        byte[] head = (id + "." + epochSeconds + ".").getBytes(UTF_8);
        return keys.stream().map(key -> "v1," + sign(key, head, body)).collect(Collectors.joining(" "));
    }

    private static String sign(SecretKeySpec key, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(head);
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "WebhookSecrets[" + keys.size() + "]";
    }
}
