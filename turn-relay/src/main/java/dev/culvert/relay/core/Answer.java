package dev.culvert.relay.core;

import dev.culvert.stun.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** What an authenticated request is answered with; integrity and the like are added when it is written. */
sealed interface Answer {
    /** All attributes in their order. */
    List<Attribute> attributes();

    /** The request was granted. */
    record Success(List<Attribute> attributes) implements Answer {
        public Success {
            attributes = List.copyOf(attributes);
        }

        static Success of(Attribute... attributes) {
            return new Success(List.of(attributes));
        }
    }

    /**
     * The request was refused.
     *
     * @param code of ERROR-CODE
     * @param more what stands beside ERROR-CODE
     * @param why for the operator; clients are told the code alone
     */
    record ErrorReply(int code, List<Attribute> more, Refusal why) implements Answer {
        public ErrorReply {
            more = List.copyOf(more);
        }

        static ErrorReply of(int code, Refusal why) {
            return new ErrorReply(code, List.of(), why);
        }

        static ErrorReply of(int code, RefusalReason reason, String words) {
            return of(code, new Refusal(reason, words));
        }

        /** A 400. */
        static ErrorReply badRequest(String words) {
            return of(400, Refusal.badRequest(words));
        }

        @Override
        public List<Attribute> attributes() {
            List<Attribute> all = new ArrayList<>(1 + more.size());
            all.add(ErrorCode.of(code));
            all.addAll(more);
            return all;
        }
    }
}
