package dev.culvert.server.admin;

import dev.culvert.server.config.ServerConfig;

/**
 * The server that an admin server is for.
 *
 * @param config what it was told at its start
 * @param state what it tells about itself
 * @param control what it can be told
 * @param routes what its program has beside what all servers have
 * @param metrics what {@code /metrics} shows
 */
public record Administered(
        ServerConfig config, ServerState state, ServerControl control, AdminRoutes routes, Metrics metrics) {}
