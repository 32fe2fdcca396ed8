package dev.culvert.probe;

/** Whether a person sits before a terminal that can take a line back. */
final class Terminal {
    private Terminal() {}

    /** False in pipes, in files, and on terminals without control sequences. */
    @SuppressWarnings("SystemConsoleNull") // Older Java has none in a pipe; newer Java is asked below.
    static boolean isThere() {
        @SuppressWarnings("SystemConsoleNull") // below Java 22 it may be
        java.io.Console console = System.console();
        return console != null && !"dumb".equals(System.getenv("TERM")) && isTerminal(console);
    }

    private static boolean isTerminal(java.io.Console console) {
        try {
            // From Java 22 on there is a console in a pipe too, and this method to tell.
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }
}
