package dev.culvert.server.config;

import java.util.List;

/** How one value of a setting is written in a file, as far as an editor can check that before the program does. */
public sealed interface Shape {
    /** Any text. */
    Shape TEXT = new Text("");

    /**
     * Text.
     *
     * @param pattern a regular expression that it matches as a whole, in the syntax that Java and ECMAScript share;
     *     empty for none
     */
    record Text(String pattern) implements Shape {}

    /** A whole number of a range. */
    record Whole(int min, int max) implements Shape {}

    /** One of a few words. */
    record OneOf(List<String> words) implements Shape {
        public OneOf {
            words = List.copyOf(words);
        }
    }

    /** Any of several shapes. */
    record Either(List<Shape> shapes) implements Shape {
        public Either {
            shapes = List.copyOf(shapes);
        }
    }
}
