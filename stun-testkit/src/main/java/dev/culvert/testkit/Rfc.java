package dev.culvert.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Ties a test to the rule that it proves.
 *
 * <p>A reference is the RFC's number, {@code #} and the section, for example {@code 8489#6.3.1}; where a section holds
 * several rules, a number in parentheses follows: {@code 8489#6.3.1 (2)}. {@link RfcReport} tells which rules lack a
 * test.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Rfc {
    /** The rules, each as {@code number#section} with an optional number of the rule. */
    String[] value();
}
