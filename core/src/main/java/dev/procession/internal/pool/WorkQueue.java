package dev.procession.internal.pool;

import dev.procession.TaskCancelledException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Pieces that no worker has, the next first: by priority; then what tasks have submitted, the
 * deepest first, so that few tasks wait at a time; then in the order in which they came. Guarded by
 * the lock of its {@link Scheduler}.
 */
final class WorkQueue {
  /** Small tasks are handed over together up to about this time. */
  private static final double MERGED_NANOS = 200_000;

  private static final int MOST_MERGED = 128;
  private static final int MOST_MERGED_BYTES = 32 * 1024;

  private int workers;

  /** By {@link #rank}, the highest first; none is empty. */
  private final NavigableMap<Long, Deque<Piece>> lines = new TreeMap<>(Comparator.reverseOrder());

  private int pieces;
  private long items;

  /** How many pieces may have been dropped since all those that are here were looked for. */
  private long dropped;

  /**
   * @param workers that share it, if all are there
   */
  WorkQueue(int workers) {
    this.workers = workers;
  }

  /** So many workers share it from now on. */
  void shareAmong(int newWorkers) {
    workers = newWorkers;
  }

  int pieces() {
    return pieces;
  }

  boolean isEmpty() {
    return pieces == 0;
  }

  /** How many items it has. */
  long items() {
    return items;
  }

  void add(Piece piece) {
    line(piece).addLast(piece);
    count(piece, 1);
  }

  private Deque<Piece> line(Piece piece) {
    return lines.computeIfAbsent(rank(piece), added -> new ArrayDeque<>());
  }

  private static long rank(Piece piece) {
    return ((long) piece.job().tasks().priority() << Integer.SIZE) + piece.depth();
  }

  private void count(Piece piece, int sign) {
    pieces += sign;
    items += (long) sign * piece.count();
  }

  /** Puts pieces back in front of the others, in their order. */
  void putBack(List<Piece> first) {
    for (Piece piece : first.reversed()) {
      line(piece).addFirst(piece);
      count(piece, 1);
    }
  }

  /** Takes everything. */
  List<Piece> drain() {
    List<Piece> left = new ArrayList<>();
    lines.values().forEach(left::addAll);
    lines.clear();
    pieces = 0;
    items = 0;
    return left;
  }

  /**
   * Takes pieces of one job: one, or several small ones. Fails those that nobody wants any more.
   *
   * @param mostItems that they may have, at least 1
   * @return empty if nobody wanted what there was
   */
  List<Piece> take(int mostItems) {
    List<Piece> taken = new ArrayList<>();
    int count = 0;
    int bytes = 0;
    int most = mostItems;
    while (pieces > 0) {
      Piece piece = lines.firstEntry().getValue().getFirst();
      if (piece.work().isDropped()) {
        remove();
        piece.fail(new TaskCancelledException("task was cancelled", piece.execution()));
        continue;
      }
      boolean fits =
          taken.isEmpty()
              || (piece.job() == taken.getFirst().job()
                  && count + piece.count() <= most
                  && bytes + piece.bytes() <= MOST_MERGED_BYTES);
      if (!fits) {
        break;
      }
      remove();
      if (piece.count() > mostItems) { // the first
        putBack(List.of(piece.slice(mostItems, piece.count())));
        return List.of(piece.slice(0, mostItems));
      }
      taken.add(piece);
      count += piece.count();
      bytes += piece.bytes();
      most = Math.min(mostItems, mostMerged(piece.job()));
    }
    return taken;
  }

  /**
   * A work was dropped, of which so many pieces may be here. They are looked for when that is worth
   * it: as often as a half of what is here may be dropped.
   */
  void drop(int most) {
    dropped += most;
    if (2 * dropped >= pieces) {
      removeDropped();
    }
  }

  /** Fails what nobody wants any more. */
  void removeDropped() {
    if (dropped == 0) {
      return;
    }
    dropped = 0;
    for (Piece piece : drain()) {
      if (piece.work().isDropped()) {
        piece.fail(new TaskCancelledException("task was cancelled", piece.execution()));
      } else {
        add(piece);
      }
    }
  }

  private void remove() {
    Map.Entry<Long, Deque<Piece>> first = lines.firstEntry();
    count(first.getValue().removeFirst(), -1);
    if (first.getValue().isEmpty()) {
      lines.remove(first.getKey());
    }
  }

  /** How many items of small tasks may go together: few enough to leave some for every worker. */
  private int mostMerged(Job job) {
    double cost = job.nanosPerItem();
    if (cost < 0 || job.tasks().chunkSize() != TaskSpec.ADAPTIVE) {
      return 1;
    }
    int share = 1 + pieces / (2 * workers);
    return (int) Math.clamp(MERGED_NANOS / Math.max(cost, 1), 1, Math.min(share, MOST_MERGED));
  }
}
