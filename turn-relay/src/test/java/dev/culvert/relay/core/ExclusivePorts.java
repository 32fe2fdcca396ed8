package dev.culvert.relay.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A test of what only allocations with ports of their own can have. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(
        named = TestedMode.PROPERTY,
        matches = "shared",
        disabledReason = "allocations with ports of their own alone have this")
public @interface ExclusivePorts {}
