package dev.culvert.stun.integrity;

import static java.lang.Character.UnicodeScript.GREEK;
import static java.lang.Character.UnicodeScript.HAN;
import static java.lang.Character.UnicodeScript.HEBREW;
import static java.lang.Character.UnicodeScript.HIRAGANA;
import static java.lang.Character.UnicodeScript.KATAKANA;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Set;

/**
 * Which code points a PRECIS FreeformClass string may contain (RFC 8264 §4.3, §8), by the Unicode version of the JDK.
 *
 * <p>One deviation: the JDK knows no joining types, so ZERO WIDTH (NON-)JOINER is allowed behind every combining mark
 * and, for the non-joiner, between letters of a cursive script, which is a little more than RFC 5892 A.1 and A.2 allow.
 */
final class FreeformClass {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private static final Set<UnicodeScript> CURSIVE = Set.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.MANDAIC,
            UnicodeScript.NKO,
            UnicodeScript.MONGOLIAN);

    /** First and last code point of each range: Default_Ignorable_Code_Point of Unicode, and U+FDD0–U+FDEF. */
    private static final int[] IGNORABLE_RANGES = {
        0x00AD, 0x00AD, 0x034F, 0x034F, 0x061C, 0x061C, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x200B, 0x200F, 0x202A, 0x202E,
        0x2060, 0x206F, 0x3164, 0x3164, 0xFDD0, 0xFDEF, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF, 0xFFA0, 0xFFA0, 0xFFF0, 0xFFF8,
        0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0000, 0xE0FFF
    };

    private FreeformClass() {}

    /** The index of the first code point in {@code text} that is not allowed where it stands, or -1. */
    static int firstDisallowed(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isAllowed(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /** The decision list of RFC 8264 §8, in its order; BackwardCompatible is empty. */
    private static boolean isAllowed(String text, int index) {
        int c = text.codePointAt(index);
        if (c < 0x80) {
            return c >= 0x20 && c != 0x7F;
        }
        return switch (c) {
            case 0x00DF, 0x03C2, 0x06FD, 0x06FE, 0x0F0B, 0x3007 -> true;
            case 0x0640, 0x07FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B -> false;
            case 0x00B7, 0x0375, 0x05F3, 0x05F4, 0x30FB, ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER ->
                isAllowedHere(text, index, c);
            default -> isArabicDigit(c) ? !mixesArabicDigits(text) : isAllowedAnywhere(c);
        };
    }

    private static boolean isAllowedAnywhere(int c) {
        if (Character.getType(c) == Character.UNASSIGNED || isOldHangulJamo(c) || isIgnorable(c)) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE -> false;
            // RFC 8264 §9.17 (HasCompat): what NFKC would change is allowed in this class.
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE ->
                hasCompatibilityMapping(c);
            default -> true;
        };
    }

    /** The contextual rules of RFC 5892 appendix A. */
    private static boolean isAllowedHere(String text, int index, int c) {
        int before = index > 0 ? text.codePointBefore(index) : 0;
        int next = index + Character.charCount(c);
        int after = next < text.length() ? text.codePointAt(next) : 0;
        return switch (c) {
            case 0x00B7 -> before == 'l' && after == 'l';
            case 0x0375 -> UnicodeScript.of(after) == GREEK;
            case 0x05F3, 0x05F4 -> UnicodeScript.of(before) == HEBREW;
            case 0x30FB ->
                text.codePoints()
                        .filter(other -> other != 0x30FB)
                        .mapToObj(UnicodeScript::of)
                        .anyMatch(script -> script == HIRAGANA || script == KATAKANA || script == HAN);
            case ZERO_WIDTH_NON_JOINER -> isMark(before) || (isCursive(before) && isCursive(after));
            default -> isMark(before);
        };
    }

    private static boolean isMark(int c) {
        return Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isCursive(int c) {
        return Character.isLetter(c) && CURSIVE.contains(UnicodeScript.of(c));
    }

    private static boolean isArabicDigit(int c) {
        return isBetween(c, 0x0660, 0x0669) || isBetween(c, 0x06F0, 0x06F9);
    }

    /** RFC 5892 A.8 and A.9: Arabic-Indic and extended Arabic-Indic digits do not mix. */
    private static boolean mixesArabicDigits(String text) {
        return text.chars().anyMatch(c -> isBetween(c, 0x0660, 0x0669))
                && text.chars().anyMatch(c -> isBetween(c, 0x06F0, 0x06F9));
    }

    /** RFC 8264 §9.9: conjoining jamo, which have precomposed forms. */
    private static boolean isOldHangulJamo(int c) {
        return isBetween(c, 0x1100, 0x11FF) || isBetween(c, 0xA960, 0xA97C) || isBetween(c, 0xD7B0, 0xD7FB);
    }

    /** RFC 8264 §9.13: Default_Ignorable_Code_Point and noncharacters, of which each plane has two at its end. */
    private static boolean isIgnorable(int c) {
        if ((c & 0xFFFE) == 0xFFFE) {
            return true;
        }
        for (int i = 0; i < IGNORABLE_RANGES.length; i += 2) {
            if (isBetween(c, IGNORABLE_RANGES[i], IGNORABLE_RANGES[i + 1])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBetween(int c, int first, int last) {
        return c >= first && c <= last;
    }

    private static boolean hasCompatibilityMapping(int c) {
        String text = Character.toString(c);
        return !Normalizer.normalize(text, Normalizer.Form.NFKC).equals(text);
    }
}
