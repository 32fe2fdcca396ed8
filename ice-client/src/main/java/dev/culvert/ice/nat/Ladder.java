package dev.culvert.ice.nat;

/** What a mapping has carried before it is left idle. */
public enum Ladder {
    /** One packet and its answer. */
    FRESH("fresh"),
    /** Five seconds of traffic both ways, after which many NATs keep it longer. */
    STREAM("stream");

    private final String text;

    Ladder(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }
}
