package dev.procession.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A thread that carries what a worker prints to where it shall go, and keeps the last of it.
 *
 * <p>With a prefix, lines are carried whole, each behind the prefix; without, bytes as they come.
 */
final class StreamPump implements Runnable {
  private static final int BUFFER = 8 * 1024;

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

  /** Splits into lines where there is a prefix. */
  private final class Lines {
    private byte[] line = new byte[0];

    void carry(byte[] bytes, int length) throws IOException {
      String before = prefix.get();
      if (before.isEmpty()) {
        target.write(bytes, 0, length);
        target.flush();
        return;
      }
      int start = 0;
      for (int i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
          append(bytes, start, i + 1);
          finish();
          start = i + 1;
        }
      }
      append(bytes, start, length);
    }

    private void append(byte[] bytes, int from, int to) {
      byte[] longer = Arrays.copyOf(line, line.length + to - from);
      System.arraycopy(bytes, from, longer, line.length, to - from);
      line = longer;
    }

    void finish() throws IOException {
      if (line.length > 0) {
        byte[] before = prefix.get().getBytes(Charset.defaultCharset());
        byte[] whole = Arrays.copyOf(before, before.length + line.length);
        System.arraycopy(line, 0, whole, before.length, line.length);
        target.write(whole); // one write, so that lines of several workers do not mix
        target.flush();
        line = new byte[0];
      }
    }
  }
}
