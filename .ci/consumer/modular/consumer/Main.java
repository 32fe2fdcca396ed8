package consumer;

import dev.culvert.ice.vertx.ServerLookUp;
import dev.culvert.ice.resolution.ServerTransport;
import dev.culvert.stun.StunUri;
import io.vertx.core.Vertx;
import java.util.List;

/** Uses the shell, which needs Vert.x and Netty, out of named modules. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        System.out.println(Main.class.getModule().getName() + " found "
                + ServerLookUp.resolve(vertx, StunUri.parse("turn:192.0.2.1"), List.of(ServerTransport.UDP))
                        .await());
        vertx.close().await();
    }
}
