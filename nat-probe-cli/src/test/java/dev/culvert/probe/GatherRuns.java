package dev.culvert.probe;

/** Gathers several times in one process: the first runs pay for loading classes, the others show what gathering takes. */
final class GatherRuns {
    private static final int SHORT_RUNS = 5;

    private GatherRuns() {}

    /** Prints the reports of some short runs and of a whole one as a JSON array. */
    public static void main(String[] args) {
        String[] shortRun = new String[args.length + 2];
        System.arraycopy(args, 0, shortRun, 0, args.length);
        shortRun[args.length] = "--timeout";
        shortRun[args.length + 1] = "1s";
        System.out.println("[");
        for (int i = 0; i < SHORT_RUNS; i++) {
            System.out.println(CommandRun.of(shortRun).out() + ",");
        }
        System.out.println(CommandRun.of(args).out() + "]");
    }
}
