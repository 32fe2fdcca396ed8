package dev.culvert.probe;

import dev.culvert.testkit.lab.LinuxNat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The table in {@code docs/nat-pairs.md}. */
final class PairTable {
    private static final Path DOC = Path.of("..", "docs", "nat-pairs.md");

    private PairTable() {}

    /** The five kinds of NAT, in the order of the table. */
    enum Kind {
        EIM_EIF("EIM/EIF", LinuxNat.FULL_CONE),
        EIM_ADF("EIM/ADF", LinuxNat.RESTRICTED_CONE),
        EIM_APDF("EIM/APDF", LinuxNat.PORT_RESTRICTED_CONE),
        APDM_RANDOM("APDM/APDF, random ports", LinuxNat.SYMMETRIC_RANDOM),
        APDM_SEQUENTIAL("APDM/APDF, ports in sequence", LinuxNat.SYMMETRIC_SEQUENTIAL);

        private final String title;
        private final LinuxNat nat;

        Kind(String title, LinuxNat nat) {
            this.title = title;
            this.nat = nat;
        }

        LinuxNat nat() {
            return nat;
        }

        String title() {
            return title;
        }
    }

    /** What the documentation says of the two kinds. */
    static String documented(Kind a, Kind b) {
        try {
            for (String line : Files.readAllLines(DOC)) {
                if (line.startsWith("| **" + a.title() + "** |")) {
                    return line.split("\\|")[2 + b.ordinal()].strip();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no row for " + a.title() + " in " + DOC);
    }

    /** All pairs in rounds of five, in each of which every kind stands once on each side. */
    static List<List<Kind[]>> rounds() {
        List<List<Kind[]>> rounds = new ArrayList<>();
        Kind[] kinds = Kind.values();
        for (int shift = 0; shift < kinds.length; shift++) {
            List<Kind[]> round = new ArrayList<>();
            for (Kind a : kinds) {
                round.add(new Kind[] {a, kinds[(a.ordinal() + shift) % kinds.length]});
            }
            rounds.add(round);
        }
        return rounds;
    }
}
