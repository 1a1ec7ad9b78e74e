package dev.procession.internal.pool;

import org.jspecify.annotations.Nullable;

/**
 * What passes between a pool and a worker that is a thread: here as it is, to {@link WorldBorder}
 * as copies. For the worker's thread, but for {@link #forget}.
 */
interface Border {
  /** Nothing is in the way. */
  Border NONE =
      new Border() {
        @Override
        public @Nullable Object function(Job job) {
          Parcel parcel = job.function();
          return parcel == null ? null : ((ObjectParcel) parcel).value(0);
        }

        @Override
        public @Nullable Object item(Parcel parcel, int index) {
          return ((ObjectParcel) parcel).value(index); // as its kind packs them
        }

        @Override
        public Outcome value(long chunk, int item, Parcel parcel, @Nullable Object value) {
          return new Outcome(chunk, item, value, null, null);
        }

        @Override
        public Outcome failure(long chunk, int item, Parcel parcel, Throwable failure) {
          return new Outcome(chunk, item, null, ThrownByTask.mark(failure), null);
        }
      };

  /** Whether the worker's thread may have what is of the thread that starts it. */
  default boolean isOpen() {
    return true;
  }

  /** The worker's thread has started, and runs code from now on. */
  default void enter() {}

  /** The worker's thread runs no more code. */
  default void leave() {}

  /** A job's function for its worker, or null; or why there is none. */
  @Nullable Object function(Job job);

  /** A job's function will not be needed again; for any thread. */
  default void forget(Job job) {}

  /**
   * An item for its worker.
   *
   * @throws dev.procession.internal.codec.NotDecodableException if it cannot be had there
   */
  @Nullable Object item(Parcel parcel, int index);

  /**
   * The outcome of an item that has returned something, for who has submitted it.
   *
   * @param parcel that it came in
   */
  Outcome value(long chunk, int item, Parcel parcel, @Nullable Object value);

  /** The outcome of an item that has failed, likewise. */
  Outcome failure(long chunk, int item, Parcel parcel, Throwable failure);
}
