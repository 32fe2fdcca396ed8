package dev.culvert.server;

import dev.culvert.server.admin.ReloadReport;
import dev.culvert.server.admin.ServerControl;
import dev.culvert.server.config.ServerConfig.Log.Level;

/** What an operator may ask of a server that runs. */
final class OperatorControl implements ServerControl {
    private final Reload<?> reload;
    private final Runnable stop;

    /** @param stop begins a drain, if none has begun */
    OperatorControl(Reload<?> reload, Runnable stop) {
        this.reload = reload;
        this.stop = stop;
    }

    @Override
    public ReloadReport reload() {
        return reload.run();
    }

    @Override
    public void drain() {
        stop.run();
    }

    @Override
    public Level logLevel() {
        return Logging.level();
    }

    @Override
    public void logLevel(Level level) {
        Logging.level(level);
    }
}
