package dev.culvert.ice.vertx;

import org.jspecify.annotations.Nullable;

/** Why the network could not be used; the message is one line for people. */
@SuppressWarnings("exports") // whoever compiles against this must not need the annotations
public abstract sealed class NetworkException extends Exception {
    private static final long serialVersionUID = 1;

    private NetworkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A name that has no address of the family asked for. */
    public static final class UnknownHost extends NetworkException {
        private static final long serialVersionUID = 1;

        public UnknownHost(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A local address or port that cannot be used. */
    public static final class CannotBind extends NetworkException {
        private static final long serialVersionUID = 1;

        public CannotBind(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** No route to a server. */
    public static final class Unreachable extends NetworkException {
        private static final long serialVersionUID = 1;

        public Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** No answer in time. */
    public static final class TimedOut extends NetworkException {
        private static final long serialVersionUID = 1;

        public TimedOut(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A server's host turned the connection down. */
    public static final class Refused extends NetworkException {
        private static final long serialVersionUID = 1;

        public Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** No TLS session: the other side speaks none, or its certificate is not accepted. */
    public static final class TlsFailed extends NetworkException {
        private static final long serialVersionUID = 1;

        public TlsFailed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A connection that was there is no more. */
    public static final class Disconnected extends NetworkException {
        private static final long serialVersionUID = 1;

        public Disconnected(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
