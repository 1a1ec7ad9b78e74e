package dev.procession.internal.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Pieces that no worker has, the next first. Guarded by the lock of its {@link Scheduler}. */
final class WorkQueue {
  /** Small tasks are handed over together up to about this time. */
  private static final double MERGED_NANOS = 200_000;

  private static final int MOST_MERGED = 128;
  private static final int MOST_MERGED_BYTES = 32 * 1024;

  private final int workers;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private long items;

  /**
   * @param workers that share it, if all are there
   */
  WorkQueue(int workers) {
    this.workers = workers;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** How many items it has. */
  long items() {
    return items;
  }

  void add(Piece piece) {
    pieces.addLast(piece);
    items += piece.count();
  }

  /** Puts pieces back in front of the others, in their order. */
  void putBack(List<Piece> first) {
    for (Piece piece : first.reversed()) {
      pieces.addFirst(piece);
      items += piece.count();
    }
  }

  /** Takes everything. */
  List<Piece> drain() {
    List<Piece> left = new ArrayList<>(pieces);
    pieces.clear();
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
    while (!pieces.isEmpty()) {
      Piece piece = pieces.peekFirst();
      if (piece.work().isDropped()) {
        remove();
        piece.fail(new CancellationException());
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

  private void remove() {
    items -= pieces.removeFirst().count();
  }

  /** How many items of small tasks may go together: few enough to leave some for every worker. */
  private int mostMerged(Job job) {
    double cost = job.nanosPerItem();
    if (cost < 0) {
      return 1;
    }
    int share = 1 + pieces.size() / (2 * workers);
    return (int) Math.clamp(MERGED_NANOS / Math.max(cost, 1), 1, Math.min(share, MOST_MERGED));
  }
}
