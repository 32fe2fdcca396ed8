package dev.culvert.server.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls that Netty does not offer: many datagrams a call, with ancillary data. Of one thread, since each keeps
 * its {@code errno} here.
 */
final class Libc {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EMSGSIZE = 90;
    private static final int MSG_ERRQUEUE = 0x2000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle RECVMMSG =
            handle("recvmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SENDMMSG = handle("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    private static final MethodHandle SENDTO =
            handle("sendto", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);

    private final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** Receives up to {@code length} datagrams; how many, or the negative error number. */
    int recvmmsg(int socket, long messages, int length) {
        return receive(socket, messages, length, 0);
    }

    /** Receives up to {@code length} messages from the error queue; how many, or the negative error number. */
    int recvErrors(int socket, long messages, int length) {
        return receive(socket, messages, length, MSG_ERRQUEUE);
    }

    private int receive(int socket, long messages, int length, int flags) {
        try {
            int received = (int) RECVMMSG.invokeExact(errno, socket, messages, length, flags, 0L);
            return received >= 0 ? received : -errno();
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Sends up to {@code length} messages; how many, or the negative error number of the first. */
    int sendmmsg(int socket, long messages, int length) {
        try {
            int sent = (int) SENDMMSG.invokeExact(errno, socket, messages, length, 0);
            return sent >= 0 ? sent : -errno();
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Sends one datagram; 1, or the negative error number. */
    int sendto(int socket, long data, int length, long name, int nameLength) {
        try {
            long sent = (long) SENDTO.invokeExact(errno, socket, data, (long) length, 0, name, nameLength);
            return sent >= 0 ? 1 : -errno();
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** The only member of the captured state. */
    private int errno() {
        return errno.get(JAVA_INT, 0);
    }

    /** A downcall itself throws nothing. */
    private static AssertionError failure(Throwable cause) {
        return new AssertionError("a system call cannot throw", cause);
    }
}
