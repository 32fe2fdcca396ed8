package dev.culvert.bench;

import dev.culvert.bench.Contestant.Task;
import dev.culvert.server.config.ServerConfig.Transport;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A kind of load, as the command line names it. */
enum Shape {
    BINDING(ThroughputCourse::bindings),
    BULK(field -> ThroughputCourse.traffic("bulk", Task.TURN, Traffic.allBulk(Transport.UDP), field)),
    SINGLES(field -> ThroughputCourse.traffic("singles", Task.TURN, Traffic.allSingles(), field)),
    TRAINS(field -> ThroughputCourse.traffic("trains", Task.TURN, Traffic.allTrains(), field)),
    THIN(field -> ThroughputCourse.traffic("thin", Task.TURN, Traffic.allThin(), field)),
    SEND_INDICATION(field -> ThroughputCourse.traffic("send-indication", Task.TURN, Traffic.allIndications(), field)),
    TCP(field -> ThroughputCourse.traffic("tcp", Task.TURN_STREAMS, Traffic.allBulk(Transport.TCP), field)),
    TLS(field -> ThroughputCourse.traffic("tls", Task.TURN_STREAMS, Traffic.allBulk(Transport.TLS), field)),
    ALLOCATE(ThroughputCourse::allocations),
    LATENCY(PacedCourse::latency),
    GROWTH(PacedCourse::growth),
    IDLE(IdleCourse::memory);

    private final Course course;

    /** How a shape is measured. */
    @FunctionalInterface
    private interface Course {
        List<Row> run(Field field) throws IOException;
    }

    Shape(Course course) {
        this.course = course;
    }

    List<Row> measure(Field field) throws IOException {
        return course.run(field);
    }

    static Optional<Shape> named(String text) {
        return Arrays.stream(values())
                .filter(shape -> shape.toString().equals(text))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
