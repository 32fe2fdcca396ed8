package dev.culvert.server.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
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
    private static final Linker.Option KEEPING_ERRNO = Linker.Option.captureCallState("errno");
    private static final FunctionDescriptor RECVMMSG_TYPE =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final FunctionDescriptor SENDMMSG_TYPE =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor SENDTO_TYPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);

    private static final MethodHandle RECVMMSG = handle("recvmmsg", RECVMMSG_TYPE);
    private static final MethodHandle SENDMMSG = handle("sendmmsg", SENDMMSG_TYPE);
    private static final MethodHandle SENDTO = handle("sendto", SENDTO_TYPE);

    // A call that keeps errno makes an object. So one that fails is made again by one of these: it fails in the same
    // way, or does what was wanted, because what it told was the error of an earlier datagram.
    private static final MethodHandle RECVMMSG_ERRNO = handle("recvmmsg", RECVMMSG_TYPE, KEEPING_ERRNO);
    private static final MethodHandle SENDMMSG_ERRNO = handle("sendmmsg", SENDMMSG_TYPE, KEEPING_ERRNO);
    private static final MethodHandle SENDTO_ERRNO = handle("sendto", SENDTO_TYPE, KEEPING_ERRNO);

    private final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type, options);
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
            int received = (int) RECVMMSG.invokeExact(socket, messages, length, flags, 0L);
            if (received < 0) {
                received = (int) RECVMMSG_ERRNO.invokeExact(errno, socket, messages, length, flags, 0L);
            }
            return received >= 0 ? received : -errno();
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Sends up to {@code length} messages; how many, or the negative error number of the first. */
    int sendmmsg(int socket, long messages, int length) {
        try {
            int sent = (int) SENDMMSG.invokeExact(socket, messages, length, 0);
            if (sent < 0) {
                sent = (int) SENDMMSG_ERRNO.invokeExact(errno, socket, messages, length, 0);
            }
            return sent >= 0 ? sent : -errno();
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Sends one datagram; 1, or the negative error number. */
    int sendto(int socket, long data, int length, long name, int nameLength) {
        try {
            long sent = (long) SENDTO.invokeExact(socket, data, (long) length, 0, name, nameLength);
            if (sent < 0) {
                sent = (long) SENDTO_ERRNO.invokeExact(errno, socket, data, (long) length, 0, name, nameLength);
            }
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
