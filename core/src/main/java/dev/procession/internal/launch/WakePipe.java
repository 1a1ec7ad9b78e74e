package dev.procession.internal.launch;

import dev.procession.internal.os.Os;
import dev.procession.internal.ring.Sleeper;
import dev.procession.internal.segment.SegmentFolder;
import dev.procession.internal.segment.SharedFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The named pipe by which a worker wakes its parent; this is the parent's end. A byte in it is a
 * wake-up, whatever its value.
 *
 * <p>The parent holds both directions open, so that the pipe never ends and the parent can wake
 * itself.
 */
final class WakePipe implements Sleeper, AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private final byte[] wakeUps = new byte[64];
  private volatile boolean closed;

  private WakePipe(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /** A new pipe, or null where there are none. */
  static @Nullable WakePipe open() throws IOException {
    Path path = SegmentFolder.newPath("pipe");
    boolean opened = false;
    try {
      if (!Os.current().makePipe(path)) {
        return null;
      }
      WakePipe pipe = new WakePipe(path, new RandomAccessFile(path.toFile(), "rw"));
      opened = true;
      return pipe;
    } finally {
      if (!opened) {
        SharedFile.delete(path); // there may be one although it could not be made as it should be
      }
    }
  }

  Path path() {
    return path;
  }

  /** Removes the name, once the worker has opened the pipe. */
  void unlink() {
    SharedFile.delete(path);
  }

  @Override
  public void sleep() {
    try {
      if (file.read(wakeUps) < 0) {
        throw new IOException("ended, although it is open for writing here");
      }
    } catch (IOException e) {
      if (!closed) {
        throw new IllegalStateException("wake-up pipe failed", e);
      }
    }
  }

  /** Ends the sleep, or the next one, of the thread that reads. */
  void wakeMyself() {
    try {
      file.write(0);
    } catch (IOException e) {
      return; // closed: nobody sleeps any more
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    unlink();
    file.close();
  }
}
