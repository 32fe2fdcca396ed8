package dev.culvert.testkit.sample.core;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Breaks every rule, each in a method of its own that is named after what it does. */
@SuppressWarnings("unused")
public final class Offender {
    LongSupplier nanoTimeByReference() {
        return System::nanoTime;
    }

    LongSupplier nanoTimeInLambda() {
        return () -> System.nanoTime() + 1;
    }

    long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    Instant instantNow() {
        return Instant.now();
    }

    Object clock(java.time.Clock clock) {
        return clock;
    }

    double mathRandom() {
        return Math.random();
    }

    int threadLocalRandom() {
        return ThreadLocalRandom.current().nextInt();
    }

    Random newRandom() {
        return new Random();
    }

    SecureRandom newSecureRandom() {
        return new SecureRandom();
    }

    InetAddress nameLookup(String name) throws UnknownHostException {
        return InetAddress.getByName(name);
    }

    InetSocketAddress hiddenNameLookup(String name) {
        return new InetSocketAddress(name, 1);
    }

    String reverseLookup(InetSocketAddress endpoint) {
        return endpoint.getHostName();
    }

    Object datagramSocket(DatagramSocket socket) {
        return socket;
    }

    Object[] channels(DatagramChannel[] channels) {
        return channels;
    }

    Object thread(Runnable task) {
        return new Thread(task);
    }

    Object executor(ExecutorService executor) {
        return executor;
    }

    Object lock() {
        return new ReentrantLock();
    }

    synchronized int synchronizedMethod() {
        return 1;
    }

    Object logger(org.slf4j.Logger logger) {
        return logger;
    }
}
