package dev.culvert.testkit;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Types and methods that bring time, chance, threads or the outside world into code. */
final class SansIoCondition extends ArchCondition<JavaClass> {
    private static final Pattern FORBIDDEN_PACKAGE = Pattern.compile(
            "(io\\.netty|io\\.vertx|org\\.slf4j|java\\.util\\.logging|java\\.nio\\.channels|java\\.net\\.http"
                    + "|javax\\.net|javax\\.naming|java\\.util\\.concurrent\\.locks)(\\..*)?");

    private static final Set<String> ALLOWED_IN_JAVA_NET = Set.of(
            "InetAddress",
            "Inet4Address",
            "Inet6Address",
            "SocketAddress",
            "InetSocketAddress",
            "ProtocolFamily",
            "StandardProtocolFamily",
            "UnknownHostException",
            "URI",
            "URISyntaxException",
            "URLEncoder",
            "URLDecoder");

    private static final Set<String> ALLOWED_IN_JAVA_UTIL_CONCURRENT = Set.of(
            "ConcurrentMap",
            "ConcurrentHashMap",
            "ConcurrentNavigableMap",
            "ConcurrentSkipListMap",
            "ConcurrentSkipListSet",
            "ConcurrentLinkedQueue",
            "ConcurrentLinkedDeque",
            "CopyOnWriteArrayList",
            "TimeUnit");

    private static final Set<String> FORBIDDEN_TYPES = Set.of(
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.util.Timer",
            "java.util.TimerTask",
            "java.time.Clock",
            "java.time.InstantSource");

    /** Methods of any class assignable to {@code owner}; no parameters are named where every overload is meant. */
    private record Forbidden(String owner, Set<String> names, List<List<String>> parameters) {
        static Forbidden of(String owner, String... names) {
            return new Forbidden(owner, Set.of(names), List.of());
        }

        Forbidden with(List<String> signature) {
            return new Forbidden(owner, names, List.of(signature));
        }

        boolean matches(JavaCodeUnitAccess<?> access) {
            return names.contains(access.getName())
                    && access.getTargetOwner().isAssignableTo(owner)
                    && (parameters.isEmpty() || parameters.contains(parameterNames(access)));
        }

        private static List<String> parameterNames(JavaCodeUnitAccess<?> access) {
            return access.getTarget().getRawParameterTypes().stream()
                    .map(JavaClass::getName)
                    .toList();
        }
    }

    private static final String CONSTRUCTOR = JavaConstructor.CONSTRUCTOR_NAME;
    private static final List<String> NO_PARAMETERS = List.of();

    private static final List<Forbidden> FORBIDDEN_CALLS = List.of(
            Forbidden.of("java.lang.System", "nanoTime", "currentTimeMillis"),
            Forbidden.of("java.time.temporal.TemporalAccessor", "now"),
            Forbidden.of("java.util.Date", CONSTRUCTOR).with(NO_PARAMETERS),
            Forbidden.of("java.util.Calendar", "getInstance"),
            Forbidden.of("java.lang.Math", "random"),
            Forbidden.of("java.lang.StrictMath", "random"),
            Forbidden.of("java.util.Random", CONSTRUCTOR).with(NO_PARAMETERS),
            Forbidden.of("java.util.SplittableRandom", CONSTRUCTOR).with(NO_PARAMETERS),
            Forbidden.of("java.security.SecureRandom", CONSTRUCTOR, "getInstance", "getInstanceStrong"),
            Forbidden.of("java.util.random.RandomGenerator", "getDefault", "of"),
            Forbidden.of("java.util.UUID", "randomUUID"),
            Forbidden.of("java.util.Collections", "shuffle").with(List.of("java.util.List")),
            Forbidden.of("java.lang.Object", "wait", "notify", "notifyAll"),
            Forbidden.of("java.util.Collection", "parallelStream"),
            Forbidden.of(
                    "java.net.InetAddress",
                    "getByName",
                    "getAllByName",
                    "getLocalHost",
                    "getHostName",
                    "getCanonicalHostName",
                    "isReachable"),
            Forbidden.of("java.net.InetSocketAddress", "getHostName"),
            Forbidden.of("java.net.InetSocketAddress", CONSTRUCTOR).with(List.of("java.lang.String", "int")));

    SansIoCondition() {
        super("do without sockets, name look-ups, event loops, logging, threads, locks, clocks and global randomness");
    }

    @Override
    public void check(JavaClass item, ConditionEvents events) {
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
            if (isForbidden(dependency.getTargetClass().getBaseComponentType())) {
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
            }
        }
        for (JavaCodeUnitAccess<?> access : item.getCodeUnitAccessesFromSelf()) {
            if (FORBIDDEN_CALLS.stream().anyMatch(forbidden -> forbidden.matches(access))) {
                events.add(SimpleConditionEvent.violated(access, access.getDescription()));
            }
        }
        for (JavaMethod method : item.getMethods()) {
            if (method.getModifiers().contains(JavaModifier.SYNCHRONIZED)) {
                events.add(SimpleConditionEvent.violated(method, method.getFullName() + " is synchronized"));
            }
        }
    }

    private static boolean isForbidden(JavaClass type) {
        return switch (type.getPackageName()) {
            case "java.net" -> !ALLOWED_IN_JAVA_NET.contains(outermost(type));
            case "java.util.concurrent" -> !ALLOWED_IN_JAVA_UTIL_CONCURRENT.contains(outermost(type));
            default ->
                FORBIDDEN_PACKAGE.matcher(type.getPackageName()).matches() || FORBIDDEN_TYPES.contains(type.getName());
        };
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(SansIoCondition::outermost).orElse(type.getSimpleName());
    }
}
