package dev.procession.internal.ring;

/**
 * Where things are in a ring, as offsets in bytes from its start.
 *
 * <pre>
 *     0 ┌──────────────────────────────────────────────┐
 *       │ tail      end of what is published           │ written by the producer, for who takes over
 *   128 ├──────────────────────────────────────────────┤
 *       │ head      bytes ever released                │ written by the consumer
 *   256 ├──────────────────────────────────────────────┤
 *       │ consumer asleep   1: wake it after publish   │ set by the consumer, cleared by both
 *   384 ├──────────────────────────────────────────────┤
 *       │ producer asleep   1: wake it after release   │ set by the producer, cleared by both
 *   512 ├──────────────────────────────────────────────┤
 *       │ data      capacity bytes, a power of two     │
 *       └──────────────────────────────────────────────┘
 *
 *   a record, at (position mod capacity), a multiple of 8:
 *     0 ┌──────────────────────────────────────────────┐
 *       │ header: a word of 8 bytes, or NOTHING        │ written last
 *     8 ├──────────────────────────────────────────────┤
 *       │ body, then up to 7 bytes to the next record  │
 *       └──────────────────────────────────────────────┘
 *
 *   header:  63 … 32  type, or PADDING        31 … 0  length with header
 * </pre>
 *
 * Each word has two cache lines to itself, as processors fetch lines in pairs. A record is never
 * split: one that does not fit before the end follows a padding record that fills the rest. Behind
 * the last record that is published there is {@code NOTHING}.
 */
final class RingLayout {
  static final int TAIL = 0;
  static final int HEAD = 128;
  static final int CONSUMER_ASLEEP = 256;
  static final int PRODUCER_ASLEEP = 384;
  static final int DATA = 512;

  static final int HEADER = 8;
  static final long NOTHING = 0;

  static final int PADDING = -1;

  private RingLayout() {}

  static int align(int length) {
    return (length + Long.BYTES - 1) & -Long.BYTES;
  }

  static long header(int type, int bodyLength) {
    return (long) type << Integer.SIZE | (HEADER + bodyLength);
  }

  static int type(long header) {
    return (int) (header >>> Integer.SIZE);
  }

  /** Of any header, also one that makes no sense: less than 0 then, or too large. */
  static int bodyLength(long header) {
    return (int) Math.max((int) header - (long) HEADER, -1);
  }
}
