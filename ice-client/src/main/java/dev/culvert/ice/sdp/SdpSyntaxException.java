package dev.culvert.ice.sdp;

import dev.culvert.ice.ForeignText;

/** A line of SDP that is not what it begins to be; the message names the line, the place and what would be right. */
public final class SdpSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private static final int MAX_SHOWN = 120;

    private final int column;

    SdpSyntaxException(String line, int column, String fault) {
        super("'" + shown(line) + "', column " + (column + 1) + ": " + fault);
        this.column = column;
    }

    /** Lines come from strangers: short, and without control characters. */
    private static String shown(String line) {
        String printable = ForeignText.masked(line);
        return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "…";
    }

    /** Where in the line, counted from 0. */
    public int column() {
        return column;
    }
}
