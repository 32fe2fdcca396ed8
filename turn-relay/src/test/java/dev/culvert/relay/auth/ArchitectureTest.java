package dev.culvert.relay.auth;

import dev.culvert.testkit.SansIoRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void credentialsAreSansIo() {
        SansIoRules.sansIo("dev.culvert.relay.auth..").check(SansIoRules.productionClasses("dev.culvert.relay.auth"));
    }
}
