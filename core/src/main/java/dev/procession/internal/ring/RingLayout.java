package dev.procession.internal.ring;

/**
 * Where things are in a ring, as offsets in bytes from its start.
 *
 * <pre>
 *     0 ┌──────────────────────────────────────────────┐
 *       │ tail      bytes ever published               │ written by the producer
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
 *     0 ┌───────────────┬──────────────────────────────┐
 *       │ body length   │ type, or PADDING             │ 4 bytes each
 *     8 ├───────────────┴──────────────────────────────┤
 *       │ body, then up to 7 bytes to the next record  │
 *       └──────────────────────────────────────────────┘
 * </pre>
 *
 * Each word has two cache lines to itself, as processors fetch lines in pairs. A record is never
 * split: one that does not fit before the end follows a padding record that fills the rest.
 */
final class RingLayout {
  static final int TAIL = 0;
  static final int HEAD = 128;
  static final int CONSUMER_ASLEEP = 256;
  static final int PRODUCER_ASLEEP = 384;
  static final int DATA = 512;

  static final int BODY_LENGTH = 0;
  static final int TYPE = 4;
  static final int HEADER = 8;

  static final int PADDING = -1;

  private RingLayout() {}

  static int align(int length) {
    return (length + Long.BYTES - 1) & -Long.BYTES;
  }
}
