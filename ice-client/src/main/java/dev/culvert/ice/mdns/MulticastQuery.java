package dev.culvert.ice.mdns;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A multicast DNS query as far as a responder reads it (RFC 6762 §18, RFC 1035 §4.1).
 *
 * @param id given back to legacy queriers
 * @param knownAnswers what the querier knows already (§7.1)
 */
record MulticastQuery(int id, List<Question> questions, List<KnownAnswer> knownAnswers) {
    static final int TYPE_A = 1;
    static final int TYPE_AAAA = 28;
    static final int TYPE_NSEC = 47;
    static final int TYPE_ANY = 255;

    static final int CLASS_IN = 1;
    private static final int CLASS_ANY = 255;

    /** Of the class field: a unicast answer is wanted (§5.4), and in a record, that it is the only one (§10.2). */
    static final int TOP_BIT = 0x8000;

    /** QR and OPCODE: neither a response nor anything but a standard query is read (§18.2, §18.3). */
    private static final int NO_QUERY = 0xF800;

    private static final int POINTER = 0xC0;
    private static final int MAX_LABEL_BYTES = 63;
    private static final int MAX_NAME_BYTES = 255;

    /**
     * A question of class IN.
     *
     * @param name in lower case, without the last dot
     * @param wantsUnicast whether the answer may go to the querier alone
     */
    record Question(String name, int type, boolean wantsUnicast) {}

    /** A record that need not be told again while its time to live is long enough. */
    record KnownAnswer(String name, int type, long ttlSeconds, ByteBuffer data) {}

    MulticastQuery {
        questions = List.copyOf(questions);
        knownAnswers = List.copyOf(knownAnswers);
    }

    /** Reads a datagram; empty where it is no query, or none that can be read. */
    static Optional<MulticastQuery> parse(ByteBuffer datagram) {
        ByteBuffer in = datagram.slice();
        try {
            int id = unsigned(in);
            if ((unsigned(in) & NO_QUERY) != 0) {
                return Optional.empty();
            }
            int questions = unsigned(in);
            int answers = unsigned(in);
            in.getInt(); // the counts of what follows the answers
            return Optional.of(new MulticastQuery(id, questions(in, questions), answers(in, answers)));
        } catch (BufferUnderflowException | MalformedNameException e) {
            return Optional.empty();
        }
    }

    private static List<Question> questions(ByteBuffer in, int count) throws MalformedNameException {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = name(in);
            int type = unsigned(in);
            int classField = unsigned(in);
            if (isInternet(classField)) {
                questions.add(new Question(name, type, (classField & TOP_BIT) != 0));
            }
        }
        return questions;
    }

    private static List<KnownAnswer> answers(ByteBuffer in, int count) throws MalformedNameException {
        List<KnownAnswer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = name(in);
            int type = unsigned(in);
            boolean isInternet = isInternet(unsigned(in));
            long ttlSeconds = Integer.toUnsignedLong(in.getInt());
            byte[] data = new byte[unsigned(in)];
            in.get(data);
            if (isInternet) {
                answers.add(new KnownAnswer(name, type, ttlSeconds, ByteBuffer.wrap(data)));
            }
        }
        return answers;
    }

    private static boolean isInternet(int classField) {
        int number = classField & ~TOP_BIT;
        return number == CLASS_IN || number == CLASS_ANY;
    }

    private static String name(ByteBuffer in) throws MalformedNameException {
        StringBuilder name = new StringBuilder();
        ByteBuffer at = in;
        int earlierThan = in.position();
        for (int length = octet(at); length != 0; length = octet(at)) {
            if ((length & POINTER) == POINTER) {
                int target = (length & ~POINTER) << 8 | octet(at);
                // RFC 1035 §4.1.4: to a prior occurrence, so there is an end.
                if (target >= earlierThan) {
                    throw new MalformedNameException();
                }
                earlierThan = target;
                at = in.duplicate().position(target);
                continue;
            }
            if (length > MAX_LABEL_BYTES || name.length() + length > MAX_NAME_BYTES) {
                throw new MalformedNameException();
            }
            name.append(name.isEmpty() ? "" : ".");
            for (int i = 0; i < length; i++) {
                name.append((char) octet(at));
            }
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }

    private static int octet(ByteBuffer in) {
        return Byte.toUnsignedInt(in.get());
    }

    private static int unsigned(ByteBuffer in) {
        return Short.toUnsignedInt(in.getShort());
    }

    /** A name leads forward, or is too long. */
    private static final class MalformedNameException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
