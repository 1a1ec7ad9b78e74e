package dev.procession.internal.pool;

/** Values on their way to a worker, in the form that workers of a {@link WorkerKind} take. */
interface Parcel {
  /** How many values there are. */
  int count();

  /** Bytes that values from one to before another take where they are handed over. */
  int bytes(int from, int to);

  /** Nobody will take a value out any more. Idempotent. */
  void discard(int index);

  /** Nobody will take any value out any more. */
  default void discard() {
    for (int i = 0; i < count(); i++) {
      discard(i);
    }
  }
}
