package dev.culvert.ice.portmap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is to be done later, in the time that it is told. Mutable, owned by one thread. */
final class Agenda {
    private final List<Task> tasks = new ArrayList<>();
    private long nowNanos;

    /** One thing to be done, unless it is cancelled. */
    final class Task {
        private final long dueNanos;
        private final Runnable action;

        private Task(long dueNanos, Runnable action) {
            this.dueNanos = dueNanos;
            this.action = action;
        }

        void cancel() {
            tasks.remove(this);
        }
    }

    void at(long newNowNanos) {
        nowNanos = newNowNanos;
    }

    long nowNanos() {
        return nowNanos;
    }

    Task after(Duration delay, Runnable action) {
        Task task = new Task(nowNanos + delay.toNanos(), action);
        tasks.add(task);
        return task;
    }

    /** Does what is due, also what becomes due meanwhile. */
    void runDue() {
        for (Task due = firstDue(); due != null; due = firstDue()) {
            tasks.remove(due);
            due.action.run();
        }
    }

    private @Nullable Task firstDue() {
        Task first = first();
        return first == null || first.dueNanos - nowNanos > 0 ? null : first;
    }

    private @Nullable Task first() {
        Task first = null;
        for (Task task : tasks) {
            if (first == null || task.dueNanos - first.dueNanos < 0) {
                first = task;
            }
        }
        return first;
    }

    OptionalLong next() {
        Task first = first();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.dueNanos);
    }
}
