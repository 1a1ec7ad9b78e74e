package dev.procession.internal.pool;

import dev.procession.TaskNotSerializableException;

/** Makes parcels; for one thread at a time. */
interface Packer {
  /**
   * Adds a value, as it is now if it is copied at all.
   *
   * @throws TaskNotSerializableException if it cannot travel; those before it stay
   */
  void add(Object value);

  /** Bytes of the values added since the last parcel. */
  int bytes();

  /** The values added since the last parcel. */
  Parcel take();

  /** A parcel of one value. */
  default Parcel pack(Object value) {
    add(value);
    return take();
  }
}
