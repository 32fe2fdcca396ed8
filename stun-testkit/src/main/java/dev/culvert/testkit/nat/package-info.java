/** NATs and firewalls for the simulated network, with every behaviour that RFC 4787 names. */
@NullMarked
package dev.culvert.testkit.nat;

import org.jspecify.annotations.NullMarked;
