package dev.procession;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Pool#await} has found; each future is in one of the lists, in the order in which it
 * was given, and once.
 *
 * @param <T> type of the results
 * @param done those that have ended, however they have
 * @param notDone the others, at that moment
 */
public record Awaited<T extends @Nullable Object>(
    List<CompletableFuture<T>> done, List<CompletableFuture<T>> notDone) {}
