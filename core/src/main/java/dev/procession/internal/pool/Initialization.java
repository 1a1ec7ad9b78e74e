package dev.procession.internal.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker that runs the initializer of its pool. */
final class Initialization implements Work {
  static final String WHAT = "initializer";

  private final Chunk chunk;

  // set in the worker's reader before it tells that the chunk has ended
  private @Nullable Outcome outcome;

  /**
   * @param job what is done
   * @param item that it is done with once
   */
  Initialization(Job job, Parcel item) {
    this.chunk = new Chunk(0, List.of(Piece.of(this, job, item, 0)), (piece, failed) -> {}); // once
  }

  Chunk chunk() {
    return chunk;
  }

  /** How it has ended, for who may run code of users; null if it has not been run. */
  @Nullable Throwable failure() {
    Outcome told = outcome;
    return told == null ? null : told.read().failure();
  }

  @Override
  public String describe(int index) {
    return WHAT;
  }

  @Override
  public void ended(int index, Outcome newOutcome) {
    outcome = newOutcome;
  }

  @Override
  public void show() {
    // looked at when its chunk has ended
  }

  @Override
  public boolean isDropped() {
    return false;
  }
}
