package dev.culvert.relay.junit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Gives a test a TURN server: by {@link WithTurnServer}, or registered with what {@link #with} collects.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TurnServerExtension TURN = TurnServerExtension.with(new TurnServerSettings()
 *         .realm("calls.example")
 *         .user("alice", "wonderland")
 *         .user("bob", "builder")
 *         .option("max-allocations-per-user", "1"));
 * }</pre>
 *
 * <p>Registered in a static field, all tests of the class share one server ({@link #server}); in another field, each
 * test has its own. After each test a shared server loses its allocations and does nothing wrong any more. Tests that
 * run side by side should have a server each.
 */
public final class TurnServerExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    static final String DEFAULT_REALM = "test.example";

    private static final Namespace SERVERS = Namespace.create(TurnServerExtension.class);

    private final Optional<TurnServerSettings> registered;

    private volatile @Nullable TurnTestServer current;

    /** For {@link WithTurnServer}. */
    TurnServerExtension() {
        registered = Optional.empty();
    }

    private TurnServerExtension(TurnServerSettings settings) {
        registered = Optional.of(settings);
    }

    /** An extension for a field with {@code @RegisterExtension}. */
    public static TurnServerExtension with(TurnServerSettings settings) {
        return new TurnServerExtension(settings);
    }

    /**
     * The server, during the tests.
     *
     * @throws IllegalStateException before and after, and where an annotation tells of the server
     */
    public TurnTestServer server() {
        TurnTestServer running = current;
        if (running == null) {
            throw new IllegalStateException("no server runs yet; one does during tests, for an extension in a field"
                    + " with @RegisterExtension");
        }
        return running;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IllegalAccessException {
        registered.ifPresent(settings -> current = running(context, this, settings));
        Class<?> type = context.getRequiredTestClass();
        for (Field field : annotated(type, true)) {
            inject(field, null, context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IllegalAccessException {
        registered.ifPresent(settings -> current = running(context, this, settings));
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            for (Field field : annotated(instance.getClass(), false)) {
                inject(field, instance, context);
            }
        }
    }

    private static List<Field> annotated(Class<?> type, boolean isStatic) {
        return ReflectionSupport.findFields(
                type,
                field -> field.isAnnotationPresent(WithTurnServer.class)
                        && Modifier.isStatic(field.getModifiers()) == isStatic,
                HierarchyTraversalMode.TOP_DOWN);
    }

    private static void inject(Field field, @Nullable Object instance, ExtensionContext context)
            throws IllegalAccessException {
        if (field.getType() != TurnTestServer.class) {
            throw new ExtensionConfigurationException(
                    "@WithTurnServer is for fields of the type TurnTestServer, which " + field + " is not");
        }
        field.setAccessible(true);
        field.set(instance, running(context, field, TurnServerSettings.of(field.getAnnotation(WithTurnServer.class))));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TurnTestServer.class
                && (registered.isPresent() || told(parameter, context).isPresent());
    }

    @Override
    public TurnTestServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (registered.isPresent()) {
            return running(context, this, registered.get());
        }
        Told told = told(parameter, context)
                .orElseThrow(() -> new ParameterResolutionException("no @WithTurnServer tells of a server"));
        return running(told.scope(), told.key(), TurnServerSettings.of(told.annotation()));
    }

    /** What tells of the server of a parameter, and for how long that server lasts. */
    private record Told(WithTurnServer annotation, Object key, ExtensionContext scope) {}

    private static Optional<Told> told(ParameterContext parameter, ExtensionContext context) {
        Optional<WithTurnServer> own = parameter.findAnnotation(WithTurnServer.class);
        if (own.isPresent()) {
            return Optional.of(new Told(own.get(), parameter.getParameter(), context));
        }
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            ExtensionContext scope = at.get();
            Optional<AnnotatedElement> element = scope.getElement();
            Optional<WithTurnServer> found = AnnotationSupport.findAnnotation(element, WithTurnServer.class);
            if (found.isPresent()) {
                boolean isOfTest =
                        found.get().perMethod() && context.getTestMethod().isPresent();
                return Optional.of(new Told(found.get(), element.orElseThrow(), isOfTest ? context : scope));
            }
            at = scope.getParent();
        }
        return Optional.empty();
    }

    /** The server of {@code key}, which ends with {@code scope} if it is not older. */
    private static TurnTestServer running(ExtensionContext scope, Object key, TurnServerSettings settings) {
        Store store = scope.getStore(SERVERS);
        synchronized (scope.getRoot()) {
            Running present = store.get(key, Running.class);
            if (present != null) {
                return present.server();
            }
            TurnTestServer server = settings.start();
            store.put(key, new Running(server));
            remember(scope, server);
            return server;
        }
    }

    /** Closed by JUnit together with what it is stored for. */
    private record Running(TurnTestServer server) implements AutoCloseable {
        @Override
        public void close() {
            server.close();
        }
    }

    private static void remember(ExtensionContext scope, TurnTestServer server) {
        Store store = scope.getStore(SERVERS);
        List<TurnTestServer> all = new ArrayList<>(servers(scope));
        all.add(server);
        store.put(Servers.class, new Servers(all));
    }

    /** Those of a scope and of the scopes around it. */
    private record Servers(List<TurnTestServer> all) {}

    private static List<TurnTestServer> servers(ExtensionContext scope) {
        Servers servers = scope.getStore(SERVERS).get(Servers.class, Servers.class);
        return servers == null ? List.of() : servers.all();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (TurnTestServer server : servers(context)) {
            server.recover();
            server.endAllocations();
        }
    }
}
