package dev.culvert.server.admin;

import dev.culvert.server.config.ServerConfig.Log.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Notes what it is asked to do. */
final class TestControl implements ServerControl {
    final AtomicInteger drains = new AtomicInteger();
    volatile ReloadReport report = new ReloadReport(List.of(), List.of());
    volatile Level level = Level.INFO;

    @Override
    public ReloadReport reload() {
        return report;
    }

    @Override
    public void drain() {
        drains.incrementAndGet();
    }

    @Override
    public Level logLevel() {
        return level;
    }

    @Override
    public void logLevel(Level wanted) {
        level = wanted;
    }
}
