package dev.culvert.testkit.docs;

import java.util.List;

/**
 * A block of a page, or a comment that prepares for the blocks after it.
 *
 * @param place page and line, for messages
 * @param mark what is done with it
 * @param text its lines, each with its line end
 */
public record DocBlock(String place, Mark mark, String text) {
    /** The commands of a block that is run. */
    public List<ConsoleStep> steps() {
        return ConsoleStep.of(place, text);
    }
}
