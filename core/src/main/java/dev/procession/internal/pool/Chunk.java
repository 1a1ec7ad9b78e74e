package dev.procession.internal.pool;

import dev.procession.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of one job that a worker has been given together. Guarded by the scheduler's lock, but for
 * outcomes, which only the worker's reader takes.
 */
final class Chunk {
  /** Decides whether an item that has failed is run again. */
  interface Retries {
    /**
     * Decides it later, and ends the item or runs it again then.
     *
     * @param item alone, with the runs that it has had by now
     */
    void decide(Piece item, Outcome outcome);
  }

  private final long number;
  private final Retries retries;
  private final Job job;
  private final List<Piece> pieces;
  private final BitSet done = new BitSet();

  /** How many are done; for any thread. */
  private final AtomicInteger over = new AtomicInteger();

  private final long givenAt = System.nanoTime();

  /** Items from here on have been taken back. */
  private int end;

  Chunk(long number, List<Piece> pieces, Retries retries) {
    this.number = number;
    this.retries = retries;
    this.job = pieces.getFirst().job();
    this.pieces = pieces;
    for (Piece piece : pieces) {
      end += piece.count();
    }
  }

  long number() {
    return number;
  }

  Job job() {
    return job;
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** Nanoseconds since it was given to its worker. */
  long age() {
    return System.nanoTime() - givenAt;
  }

  int end() {
    return end;
  }

  // outcomes, in the reader's thread

  /** Those who wait see an outcome when it is shown. */
  void take(Outcome outcome) {
    int item = outcome.item();
    if (done.get(item)) {
      throw new IllegalStateException("item has two outcomes: item=" + item);
    }
    done(item);
    at(item, (piece, index) -> ended(piece, index, outcome));
  }

  private void done(int item) {
    done.set(item);
    over.setRelease(over.getPlain() + 1); // by one thread at a time
  }

  private void ended(Piece piece, int index, Outcome outcome) {
    if (outcome.isFailure() && piece.mayRunAgain()) {
      retries.decide(piece.again(index), outcome);
    } else {
      piece.end(index, outcome);
    }
  }

  /** Shows the outcomes that were taken. */
  void show() {
    for (Piece piece : pieces) {
      piece.work().show();
    }
  }

  /** An item fails with its worker. */
  void died(int item, DeathOf death, @Nullable Duration ranFor) {
    done(item);
    at(
        item,
        (piece, index) -> {
          Throwable failure =
              death.of(piece.work().describe(piece.index(index)), Execution.STARTED, ranFor);
          ended(piece, index, Outcome.failed(failure));
          piece.work().show();
        });
  }

  /** How many tasks are above an item, see {@link Piece#depth}. */
  int depth(int item) {
    int[] depth = {0};
    at(item, (piece, index) -> depth[0] = piece.depth());
    return depth[0];
  }

  /** An item, for people. */
  String describe(int item) {
    String[] description = {""};
    at(item, (piece, index) -> description[0] = piece.work().describe(piece.index(index)));
    return description[0];
  }

  /** Makes the exception of an item whose worker is gone. */
  interface DeathOf {
    /**
     * Makes it.
     *
     * @param task what it is called
     * @param execution how far it had come
     * @param ranFor how long it ran, or null if that is not known
     */
    Throwable of(String task, Execution execution, @Nullable Duration ranFor);
  }

  /** How many of its items are done, as far as that is known; for any thread. */
  int over() {
    return over.getAcquire();
  }

  /** Whether all of them are. */
  boolean isOver() {
    return over() >= end;
  }

  boolean isDone(int item) {
    return done.get(item);
  }

  private interface AtPiece {
    void accept(Piece piece, int item);
  }

  private void at(int item, AtPiece action) {
    int rest = item;
    for (Piece piece : pieces) {
      if (rest < piece.count()) {
        action.accept(piece, rest);
        return;
      }
      rest -= piece.count();
    }
    throw new IllegalStateException("no such item: item=" + item);
  }

  // taking back, under the lock

  /** The first item from a number on that belongs to a work, or -1. */
  @SuppressWarnings("ReferenceEquality") // a work is itself
  int firstOf(Work work, int from) {
    int start = 0;
    for (Piece piece : pieces) {
      int behind = start + piece.count();
      if (piece.work() == work && from < Math.min(behind, end)) {
        return Math.max(from, start);
      }
      start = behind;
    }
    return -1;
  }

  /** Cuts off the items from a number on, and gives them as pieces. */
  List<Piece> cut(int from) {
    List<Piece> cut = between(from, end);
    end = Math.min(end, from);
    return cut;
  }

  private List<Piece> between(int from, int to) {
    List<Piece> parts = new ArrayList<>();
    int start = 0;
    for (Piece piece : pieces) {
      int low = Math.max(from, start) - start;
      int high = Math.min(to, start + piece.count()) - start;
      if (low < high) {
        parts.add(piece.slice(low, high));
      }
      start += piece.count();
    }
    return parts;
  }
}
