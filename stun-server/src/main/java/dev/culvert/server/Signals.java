package dev.culvert.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Handles the system's signals.
 *
 * <p>{@code sun.misc.Signal} is reached by reflection, in this class only: the compiler warns of it in a way that cannot
 * be suppressed, and there is no other API.
 */
final class Signals {
    private Signals() {}

    /** Runs {@code action} on a thread of its own at every signal {@code name}; without effect where it is not known. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            // Windows has no SIGHUP; some launchers reserve signals with -Xrs.
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("cannot handle SIG" + name, e.getCause());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java lacks the module jdk.unsupported", e);
        }
    }
}
