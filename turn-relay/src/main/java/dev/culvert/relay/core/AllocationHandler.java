package dev.culvert.relay.core;

/** Answers requests of one method that concern an allocation of the user who sends them. */
@FunctionalInterface
interface AllocationHandler {
    /** Does what {@code request} asks for, or nothing where the answer is an error. */
    Answer answer(Request request, Allocation allocation);
}
