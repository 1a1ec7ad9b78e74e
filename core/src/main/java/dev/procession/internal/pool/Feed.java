package dev.procession.internal.pool;

import dev.procession.TaskNotSerializableException;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.launch.ParentClasses;
import java.util.Iterator;

/**
 * Reads an input, encodes it, and submits it in pieces of a size that follows what items cost. For
 * one thread, the one that called the pool: code of users that reading and encoding runs is at home
 * there.
 */
final class Feed {
  /** How long a piece should take a worker, once the cost is known. */
  private static final double PIECE_NANOS = 4_000_000;

  private static final int MOST_ITEMS = 4096;
  private static final int MOST_BYTES = 48 * 1024;

  private final Scheduler scheduler;
  private final Job job;
  private final Window window;
  private final Iterator<?> input;
  private final int workers;
  private final Encoder encoder = new Encoder(ParentClasses.get());

  /** Items left in the input, if that is known, or a negative number. */
  private int left;

  Feed(Scheduler scheduler, Job job, Window window, Iterator<?> input, int size, int workers) {
    this.scheduler = scheduler;
    this.job = job;
    this.window = window;
    this.input = input;
    this.left = size;
    this.workers = workers;
  }

  boolean hasNext() {
    return input.hasNext();
  }

  /**
   * Submits the next piece.
   *
   * @return how many items it has
   * @throws TaskNotSerializableException if an item cannot travel; those before it are submitted
   */
  int submitPiece(int mostItems) {
    int size = Math.min(mostItems, pieceSize());
    NotEncodableException failure = null;
    int count = 0;
    while (count < size && encoder.length() < MOST_BYTES && input.hasNext() && failure == null) {
      try {
        encoder.add(input.next());
        count++;
      } catch (NotEncodableException e) {
        failure = e;
      }
    }
    if (count > 0) {
      left -= count;
      Frames frames = encoder.take();
      scheduler.submit(Piece.of(window, job, frames, window.submit(count)));
    }
    if (failure != null) {
      throw new TaskNotSerializableException(String.valueOf(failure.getMessage()), failure);
    }
    return count;
  }

  private int pieceSize() {
    double cost = job.nanosPerItem();
    int bySize = left < 0 ? 1 : left / (2 * workers);
    if (cost < 0) {
      return Math.clamp(left < 0 ? 1 : left / (4 * workers), 1, MOST_ITEMS);
    }
    int byCost = (int) Math.min(PIECE_NANOS / Math.max(cost, 1), MOST_ITEMS);
    return Math.max(1, left < 0 ? byCost : Math.min(byCost, Math.max(bySize, 1)));
  }

  static Frames encode(Object function) {
    try {
      return Encoder.encode(function, ParentClasses.get());
    } catch (NotEncodableException e) {
      throw new TaskNotSerializableException(String.valueOf(e.getMessage()), e);
    }
  }
}
