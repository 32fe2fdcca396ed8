package dev.culvert.testkit.sample.pure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Uses what looks dangerous and is not: values, chance and time that were handed in. */
@SuppressWarnings("unused")
public final class Innocent {
    private final Map<InetSocketAddress, AtomicLong> counts = new ConcurrentHashMap<>();

    InetAddress address(byte[] bytes) throws UnknownHostException {
        return InetAddress.getByAddress(bytes);
    }

    String text(InetSocketAddress endpoint) {
        return endpoint.getHostString() + endpoint.getAddress().getHostAddress();
    }

    InetSocketAddress endpoint(InetAddress address) {
        return new InetSocketAddress(address, 1);
    }

    int chance(SecureRandom random) {
        return random.nextInt() + new Random(1).nextInt();
    }

    Instant time(long epochSeconds, Duration offset) {
        return Instant.ofEpochSecond(epochSeconds).plus(offset).plusSeconds(TimeUnit.MINUTES.toSeconds(1));
    }
}
