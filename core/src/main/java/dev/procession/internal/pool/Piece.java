package dev.procession.internal.pool;

import dev.procession.internal.codec.Frames;
import dev.procession.internal.launch.ParentLink;

/**
 * Encoded items of some work that lie one behind the other: what the queue holds and chunks are
 * made of.
 *
 * @param work whose items they are
 * @param job what is done with them
 * @param frames where they are encoded
 * @param first index in the work of frame 0
 * @param from first frame of this piece
 * @param to frame behind the last
 * @param attempts workers that died with this piece before they had begun any of it
 */
record Piece(Work work, Job job, Frames frames, int first, int from, int to, int attempts) {

  static Piece of(Work work, Job job, Frames frames, int first) {
    return new Piece(work, job, frames, first, 0, frames.count(), 0);
  }

  int count() {
    return to - from;
  }

  int bytes() {
    return frames.start(to) - frames.start(from);
  }

  /** Index in the work of an item of this piece. */
  int index(int item) {
    return first + from + item;
  }

  Piece slice(int fromItem, int toItem) {
    return new Piece(work, job, frames, first, from + fromItem, from + toItem, attempts);
  }

  Piece attempted() {
    return new Piece(work, job, frames, first, from, to, attempts + 1);
  }

  ParentLink.Run run() {
    return new ParentLink.Run(frames, from, to);
  }

  /** Nobody will decode an item any more. */
  void discard(int item) {
    frames.discard(from + item);
  }

  void fail(Throwable failure) {
    for (int i = 0; i < count(); i++) {
      discard(i);
      work.ended(index(i), Outcome.failed(failure));
    }
    work.show();
  }
}
