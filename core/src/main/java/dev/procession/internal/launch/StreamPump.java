package dev.procession.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A thread that carries what a worker prints to where it shall go, and keeps the last of it.
 *
 * <p>Lines of up to 64 KiB are carried whole, each behind a prefix if there is one; without, what
 * is no line yet, as a question, goes as soon as no more comes.
 */
final class StreamPump implements Runnable {
  private static final int BUFFER = 8 * 1024;
  private static final int LONGEST_LINE = 64 * 1024;

  /** Held while something is written: a pipe takes long lines in parts. */
  private static final Object CARRYING = new Object();

  private final InputStream source;
  private final OutputStream target;
  private final Supplier<String> prefix;
  private final TailBuffer tail;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * @param prefix in front of each line, as it is when the line begins; empty for none
   * @param kept how many bytes to keep
   */
  StreamPump(InputStream source, OutputStream target, Supplier<String> prefix, int kept) {
    this.source = source;
    this.target = target;
    this.prefix = prefix;
    this.tail = new TailBuffer(kept);
  }

  @Override
  public void run() {
    byte[] buffer = new byte[BUFFER];
    Lines lines = new Lines();
    try (source) {
      for (int length = source.read(buffer); length >= 0; length = source.read(buffer)) {
        tail.add(buffer, length);
        lines.carry(buffer, length);
      }
      lines.finish();
    } catch (IOException e) {
      return; // the target is gone, or the worker's end was torn down: nothing more to carry
    } finally {
      ended.countDown();
    }
  }

  /**
   * Waits until the stream has ended and is carried; a process that holds it open may outlive us.
   */
  void awaitEnd(long millis) throws InterruptedException {
    boolean _ = ended.await(millis, TimeUnit.MILLISECONDS);
  }

  /** The last of what came so far. */
  String tail() {
    return tail.toString(Charset.defaultCharset());
  }

  /** Splits into lines. One that is longer than the buffer goes in parts, each with the prefix. */
  private final class Lines {
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;

    void carry(byte[] bytes, int count) throws IOException {
      if (prefix.get().isEmpty()) {
        carryPlain(bytes, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        line[length++] = bytes[i];
        if (bytes[i] == '\n') {
          write();
        } else if (length == line.length - 1) {
          finish();
        }
      }
    }

    /** Keeps the beginning of a line back while the rest of it is there already. */
    private void carryPlain(byte[] bytes, int count) throws IOException {
      int whole = endOfLines(bytes, count);
      if (whole < count && (length + count > line.length || source.available() == 0)) {
        whole = count;
      }
      if (whole > 0) {
        synchronized (CARRYING) {
          target.write(line, 0, length);
          target.write(bytes, 0, whole);
          target.flush();
        }
        length = 0;
      }
      System.arraycopy(bytes, whole, line, length, count - whole);
      length += count - whole;
    }

    private static int endOfLines(byte[] bytes, int count) {
      int end = count;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      return end;
    }

    /** Ends the line, if one has begun. */
    void finish() throws IOException {
      if (length > 0) {
        if (!prefix.get().isEmpty()) {
          line[length++] = '\n';
        }
        write();
      }
    }

    /** Writes the line as one, so that lines of several workers do not mix. */
    private void write() throws IOException {
      synchronized (CARRYING) {
        target.write(prefix.get().getBytes(Charset.defaultCharset()));
        target.write(line, 0, length);
        target.flush();
      }
      length = 0;
    }
  }
}
