package dev.culvert.ice.vertx;

import dev.culvert.ice.portmap.GatewayHttpRequest;
import dev.culvert.stun.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

/** HTTP to routers: no proxy, no redirection, no connection kept, answers of bounded size. On one event loop. */
final class GatewayHttp {
    private final Vertx vertx;
    private final HttpClient client;

    /** A whole answer. */
    record Answer(int status, byte[] body) {}

    GatewayHttp(Vertx vertx, IpAddress local) {
        this.vertx = vertx;
        client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setLocalAddress(local.toString())
                .setConnectTimeout((int) GatewayHttpRequest.TIMEOUT.toMillis()));
    }

    /** The answer, whatever its status; fails with words for people. */
    Future<Answer> send(GatewayHttpRequest request) {
        Promise<Answer> answer = Promise.promise();
        long timer = vertx.setTimer(
                GatewayHttpRequest.TIMEOUT.toMillis(),
                fired -> answer.tryFail("within " + GatewayHttpRequest.TIMEOUT.toSeconds() + " s"));
        answer.future().onComplete(done -> vertx.cancelTimer(timer));
        client.request(options(request))
                .onFailure(answer::tryFail)
                .onSuccess(opened -> exchange(opened, request, answer));
        return answer.future();
    }

    private static RequestOptions options(GatewayHttpRequest request) {
        RequestOptions options = new RequestOptions()
                .setMethod(request.isPost() ? HttpMethod.POST : HttpMethod.GET)
                .setHost(request.server().ip().toString())
                .setPort(request.server().port())
                .setURI(request.path())
                .setFollowRedirects(false);
        if (request.isPost()) {
            options.putHeader("Content-Type", "text/xml; charset=\"utf-8\"")
                    .putHeader("SOAPAction", request.soapAction());
        }
        return options;
    }

    private static void exchange(HttpClientRequest opened, GatewayHttpRequest request, Promise<Answer> answer) {
        if (answer.future().isComplete()) {
            opened.reset();
            return;
        }
        answer.future().onFailure(cause -> opened.reset());
        opened.response().onFailure(answer::tryFail).onSuccess(response -> read(response, answer));
        opened.send(Buffer.buffer(request.bodyBytes())).onFailure(answer::tryFail);
    }

    private static void read(HttpClientResponse response, Promise<Answer> answer) {
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::tryFail);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > GatewayHttpRequest.MAX_ANSWER_BYTES) {
                answer.tryFail("an answer of more than " + GatewayHttpRequest.MAX_ANSWER_BYTES + " bytes");
                return;
            }
            body.appendBuffer(chunk);
        });
        response.endHandler(end -> answer.tryComplete(new Answer(response.statusCode(), body.getBytes())));
    }

    Future<Void> close() {
        return client.close();
    }
}
