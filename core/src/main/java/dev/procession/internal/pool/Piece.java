package dev.procession.internal.pool;

import dev.procession.Execution;
import dev.procession.OutOfMemoryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Items of some work that lie one behind the other in a parcel: what the queue holds and chunks are
 * made of.
 *
 * @param work whose items they are
 * @param job what is done with them
 * @param parcel that they are in
 * @param first index in the work of the parcel's first
 * @param from first of this piece in the parcel
 * @param to behind the last
 * @param attempts workers that died with this piece before they had begun any of it
 * @param runs how often its items have been run
 * @param isRescued whether they have been given a worker of their own
 * @param siblings what the task has submitted that has submitted this, if one of the pool has
 */
record Piece(
    Work work,
    Job job,
    Parcel parcel,
    int first,
    int from,
    int to,
    byte attempts,
    int runs,
    boolean isRescued,
    @Nullable Offspring siblings) {

  static Piece of(Work work, Job job, Parcel parcel, int first) {
    return new Piece(work, job, parcel, first, 0, parcel.count(), (byte) 0, 0, false, null);
  }

  /** The same, submitted by a task of the pool. */
  Piece among(Offspring offspring) {
    return new Piece(work, job, parcel, first, from, to, attempts, runs, isRescued, offspring);
  }

  /** How many tasks are above it, each submitted by the one before. */
  int depth() {
    return siblings == null ? 0 : siblings.depth();
  }

  int count() {
    return to - from;
  }

  int bytes() {
    return parcel.bytes(from, to);
  }

  /** Index in the work of an item of this piece. */
  int index(int item) {
    return first + from + item;
  }

  Piece slice(int fromItem, int toItem) {
    return new Piece(
        work,
        job,
        parcel,
        first,
        from + fromItem,
        from + toItem,
        attempts,
        runs,
        isRescued,
        siblings);
  }

  Piece attempted() {
    return new Piece(
        work, job, parcel, first, from, to, (byte) (attempts + 1), runs, isRescued, siblings);
  }

  /** An item alone, to be run again. */
  Piece again(int item) {
    return new Piece(
        work,
        job,
        parcel,
        first,
        from + item,
        from + item + 1,
        (byte) 0,
        runs + 1,
        isRescued,
        siblings);
  }

  /** The same, by a worker of its own. */
  Piece rescued() {
    return new Piece(work, job, parcel, first, from, to, attempts, runs, true, siblings);
  }

  /** How far it has come if it is run no more. */
  Execution execution() {
    return runs == 0 ? Execution.NOT_STARTED : Execution.STARTED;
  }

  /** Whether there may be another run if an item fails. */
  boolean mayRunAgain() {
    return (runs + 1 < job.tasks().attempts() || mayBeRescued()) && !work.isDropped();
  }

  /** Whether it may get a worker of its own if it runs out of memory. */
  boolean mayBeRescued() {
    return !isRescued && !(job.tasks().outOfMemory() instanceof OutOfMemoryPolicy.Fail);
  }

  /** An item has ended, and will not be run again. */
  void end(int item, Outcome outcome) {
    discard(item);
    job.ended(work, index(item), outcome);
    if (siblings != null) {
      siblings.done(work);
    }
    work.ended(index(item), outcome);
  }

  /** No worker will take an item any more. */
  void discard(int item) {
    parcel.discard(from + item);
  }

  void fail(Throwable failure) {
    for (int i = 0; i < count(); i++) {
      end(i, Outcome.failed(failure));
    }
    work.show();
  }
}
