package dev.culvert.server.io;

import io.vertx.core.Future;

/** The sockets of all event loops on one address and port, which open and close together. */
interface OpenListener {
    Listening listening();

    Future<Void> close();
}
