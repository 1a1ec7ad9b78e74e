package dev.procession.internal.socket;

import dev.procession.internal.shared.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream of bytes in each direction. One thread at a time reads, and one writes. */
interface Wire extends Closeable {
  /**
   * Reads what is there.
   *
   * @return how many bytes; 0 if there are none now, -1 if there never will be
   */
  int read(ByteBuffer target) throws IOException;

  /**
   * Writes as much as there is room for now, perhaps nothing; false if there is more to be written,
   * also of what it has taken.
   */
  boolean write(ByteBuffer source) throws IOException;

  /**
   * Waits until there may be something to read; false if the time is over before. Also returns when
   * this is closed.
   */
  boolean awaitReadable(Deadline deadline) throws IOException, InterruptedException;

  /** Waits likewise until there may be room to write. */
  boolean awaitWritable(Deadline deadline) throws IOException, InterruptedException;

  /** Has a thread told, once, when there may be something to read. */
  void watch(Runnable told);

  /** Closes it; who waits here returns. Idempotent. */
  @Override
  void close();
}
