package dev.procession.internal.pool;

import java.util.Iterator;
import java.util.function.IntUnaryOperator;

/** Packs items, and submits them in pieces of a size that follows what they cost. */
final class PieceFeed implements Feed {
  /** How long a piece should take a worker, once the cost is known. */
  private static final double PIECE_NANOS = 4_000_000;

  /** What a piece should take at least, some times what handing it over does. */
  private static final double LEAST_NANOS = 150_000;

  /** For how long a worker may have small pieces ahead. */
  private static final double AHEAD_NANOS = 500_000;

  private static final int MOST_ITEMS = 4096;
  private static final int MOST_BYTES = 48 * 1024;

  private final Scheduler scheduler;
  private final Job job;
  private final Work work;
  private final IntUnaryOperator numbers;
  private final Iterator<?> input;
  private final int workers;
  private final Packer packer;

  /** Items left in the input, if that is known, or a negative number. */
  private int left;

  /**
   * @param numbers gives the number of the first of so many items that are about to be submitted; a
   *     negative number says that the last were refused
   * @param size of the input, or a negative number if that is not known
   * @param workers of the pool
   */
  PieceFeed(
      Scheduler scheduler,
      Packer packer,
      Job job,
      Work work,
      IntUnaryOperator numbers,
      Iterator<?> input,
      int size,
      int workers) {
    this.scheduler = scheduler;
    this.packer = packer;
    this.job = job;
    this.work = work;
    this.numbers = numbers;
    this.input = input;
    this.left = size;
    this.workers = workers;
  }

  @Override
  public boolean hasNext() {
    return input.hasNext();
  }

  @Override
  public int submitPiece(int mostItems) {
    int size = Math.min(mostItems, pieceSize());
    RuntimeException failure = null;
    int count = 0;
    boolean more = true;
    while (more && count < size && packer.bytes() < MOST_BYTES && failure == null) {
      try {
        more = input.hasNext();
        if (more) {
          packer.add(input.next());
          count++;
        }
      } catch (RuntimeException e) {
        failure = e; // of the input itself, or it cannot be packed
      }
    }
    if (count > 0) {
      left -= count;
      submit(packer.take(), count);
    }
    if (failure != null) {
      throw failure;
    }
    return count;
  }

  @SuppressWarnings("ReturnValueIgnored") // of what is refused
  private void submit(Parcel parcel, int count) {
    int first = numbers.applyAsInt(count);
    boolean submitted = false;
    try {
      scheduler.submit(Piece.of(work, job, parcel, first));
      submitted = true;
    } finally {
      if (!submitted) {
        numbers.applyAsInt(-count); // nobody shall wait for them
        parcel.discard();
      }
    }
  }

  /**
   * About what takes {@link #PIECE_NANOS}, but leaving enough pieces for all workers, though not so
   * small that handing them over costs more than they do; unless a size was asked for.
   */
  @Override
  public int pieceSize() {
    int fixed = job.tasks().chunkSize();
    if (fixed != TaskSpec.ADAPTIVE) {
      return fixed;
    }
    double cost = job.nanosPerItem();
    if (cost < 0) {
      return left < 0 ? 1 : Math.clamp(left / (4L * workers), 1, MOST_ITEMS);
    }
    int most = (int) Math.clamp(PIECE_NANOS / Math.max(cost, 1), 1, MOST_ITEMS);
    int least = (int) Math.clamp(LEAST_NANOS / Math.max(cost, 1), 1, most);
    return left < 0 ? most : Math.clamp(left / (2L * workers), least, most);
  }

  @Override
  public int ahead(int submitted) {
    double cost = job.nanosPerItem();
    int small = cost < 0 ? 0 : (int) Math.clamp(AHEAD_NANOS / Math.max(cost, 1), 0, MOST_ITEMS);
    return Math.max(Feed.super.ahead(submitted), small);
  }
}
