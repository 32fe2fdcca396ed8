package dev.culvert.relay.admin;

import dev.culvert.server.admin.AdminRequest;
import dev.culvert.server.admin.BadRequestException;
import dev.culvert.server.config.Parsers;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a long list.
 *
 * @param limit how many items it has at most
 * @param after the key of the last item of the page before; empty for the first page
 */
record Page(int limit, Optional<String> after) {
    /** The parameters of a query that say it. */
    static final List<String> PARAMETERS = List.of("limit", "cursor");

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    static Page of(AdminRequest request) throws BadRequestException {
        return new Page(
                request.query("limit", Parsers.number(1, MAX_LIMIT)).orElse(DEFAULT_LIMIT),
                request.query("cursor", text -> text));
    }

    /**
     * A page of {@code all}.
     *
     * @param next the cursor of the next page; empty where this is the last one
     */
    record Part<T>(List<T> items, Optional<String> next) {}

    /** This page of {@code all}, which are in the order of their keys: what comes and goes meanwhile moves no other item. */
    <T> Part<T> of(List<T> all, Function<T, String> key) {
        List<T> rest = all.stream()
                .filter(item -> after.isEmpty() || key.apply(item).compareTo(after.get()) > 0)
                .limit(limit + 1L)
                .toList();
        boolean isLast = rest.size() <= limit;
        List<T> items = isLast ? rest : rest.subList(0, limit);
        return new Part<>(items, isLast ? Optional.empty() : Optional.of(key.apply(items.get(limit - 1))));
    }
}
