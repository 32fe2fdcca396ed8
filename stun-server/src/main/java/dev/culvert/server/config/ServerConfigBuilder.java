package dev.culvert.server.config;

/** Collects what a STUN server inside another program is told. */
public final class ServerConfigBuilder extends ConfigBuilder<ServerConfigBuilder> {
    public ServerConfigBuilder() {
        super(ServerSettings.ALL);
    }

    @Override
    protected ServerConfigBuilder self() {
        return this;
    }

    /**
     * What was told so far.
     *
     * @throws InvalidConfigurationException with everything that is wrong
     */
    public ServerConfig build() {
        Values values = values();
        ServerConfig config = ServerSettings.bind(values);
        requireSound(values);
        return config;
    }
}
