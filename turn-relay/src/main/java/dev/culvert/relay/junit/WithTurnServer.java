package dev.culvert.relay.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts a TURN server on free ports of the loopback interface. A {@link TurnTestServer} is then injected into
 * parameters, and into fields that carry the annotation.
 *
 * <p>On a class, all of its tests and nested classes share one server, unless it is {@link #perMethod}. On a method,
 * that test has its own. On a parameter or a field, it is for that one alone: static fields and parameters of
 * {@code @BeforeAll} have one for the class, others one for each test.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER, ElementType.FIELD})
@ExtendWith(TurnServerExtension.class)
public @interface WithTurnServer {
    /** Who may relay, each {@code NAME:PASSWORD}; without any, {@code alice} with the password {@code wonderland}. */
    String[] users() default {};

    /** The realm of their credentials. */
    String realm() default TurnServerExtension.DEFAULT_REALM;

    /** Where it listens, each as {@code udp:ADDR:0}; without any, by UDP and TCP at 127.0.0.1. */
    String[] listen() default {};

    /** More options of {@code turn-relay}, each {@code name=value}, or {@code name} for a flag. */
    String[] options() default {};

    /** On a class: whether each test has a server of its own. */
    boolean perMethod() default false;
}
