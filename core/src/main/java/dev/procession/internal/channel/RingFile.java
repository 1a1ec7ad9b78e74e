package dev.procession.internal.channel;

import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedBytes;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One ring of a {@link RecordQueue}: a file of its own.
 *
 * <pre>
 *    0  capacity of the ring                                 4 bytes
 *    8  number of the last record that was put before it     8 bytes
 *  128  ring
 * </pre>
 *
 * An instance is one process's view of one end.
 */
final class RingFile implements AutoCloseable {
  private static final int CAPACITY = 0;
  private static final int PUT_BEFORE = 8;
  private static final int RING = 128;

  private final int index;
  private final Segment segment;
  private final OneToOneRing ring;

  private RingFile(int index, Segment segment, OneToOneRing ring) {
    this.index = index;
    this.segment = segment;
    this.ring = ring;
  }

  /**
   * Makes the file; one that somebody has begun to make is made anew.
   *
   * @param putBefore number of the last record that was put before it
   * @throws IOException when there is no room
   */
  static void create(Path path, int capacity, long putBefore) throws IOException {
    Segment.createFile(path, (long) RING + OneToOneRing.size(capacity));
    try (Segment segment = Segment.attach(path)) {
      segment.bytes().putLong(PUT_BEFORE, putBefore);
      segment.bytes().putInt(CAPACITY, capacity);
    }
  }

  static RingFile attach(Path path, int index) throws IOException {
    Segment segment = Segment.attach(path);
    boolean attached = false;
    try {
      SharedBytes bytes = segment.bytes();
      RingFile file =
          new RingFile(index, segment, new OneToOneRing(bytes, RING, bytes.getInt(CAPACITY)));
      attached = true;
      return file;
    } finally {
      if (!attached) {
        segment.close();
      }
    }
  }

  int index() {
    return index;
  }

  OneToOneRing ring() {
    return ring;
  }

  SharedBytes bytes() {
    return segment.bytes();
  }

  int capacity() {
    return bytes().getInt(CAPACITY);
  }

  long putBefore() {
    return bytes().getLong(PUT_BEFORE);
  }

  @Override
  public void close() {
    segment.close();
  }
}
