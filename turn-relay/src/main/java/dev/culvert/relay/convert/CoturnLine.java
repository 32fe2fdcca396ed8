package dev.culvert.relay.convert;

/**
 * One option as it stands in coturn's file.
 *
 * @param number of the line, from 1
 * @param name the option's name without dashes
 * @param value empty where there is none
 */
record CoturnLine(int number, String name, String value) {
    private static final String TRUE = "[1-9yYtT].*|on|On|ON|";
    private static final String FALSE = "[0nNfF].*|off|Off|OFF";

    /** Whether it switches something on; a name alone does. */
    boolean isOn() {
        return value.matches(TRUE);
    }

    /** Whether it switches something off. */
    boolean isOff() {
        return value.matches(FALSE);
    }
}
