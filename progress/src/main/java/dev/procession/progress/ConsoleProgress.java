package dev.procession.progress;

import dev.procession.BulkProgress;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * A bar on the terminal for calls over many items: how many are done, since when, how fast, and how
 * long the rest will take.
 *
 * {@snippet :
 * try (var progress = ConsoleProgress.open("convert")) {
 *   pool.map(path -> convert(path), paths, progress);
 * }
 * }
 *
 * draws, in place, a line like
 *
 * <pre>
 * convert  45% |█████████████▌                |  45/100 (0:00:03 / 0:00:04) 14.6/s
 * </pre>
 *
 * with the time it took so far, the time that is left, and how many items ended per second, minute
 * or hour so far.
 *
 * <p><b>When it is quiet.</b> It draws on standard error, and draws nothing if that is no terminal,
 * but a file or a pipe: a log stays free of it, and so does what another program reads. Where the
 * system does not tell that (it does on Linux), standard input and output have to be a terminal
 * instead. A bar that is {@linkplain #open(String, PrintStream, int) given a stream} always draws.
 *
 * <p><b>Ownership.</b> A bar begins with a call and ends its line with the last item, failed ones
 * included; then this is ready for the next call. A call that ends before, as when it is
 * interrupted, or over an input without an end, does not say so: {@link #close} ends the line then,
 * with the bar as it was last. It never closes the stream.
 *
 * <p><b>Threads.</b> All methods are for any thread, but calls that run at the same time need one
 * each, and then draw over each other: a terminal is for one at a time. It cannot travel to another
 * process.
 *
 * <p><b>Failure.</b> It throws nothing, and an interrupt stays set. A stream that fails is left
 * alone.
 *
 * <p><b>Cost.</b> Being told takes less than a microsecond; the last item of a call waits for the
 * bar to be drawn.
 */
public final class ConsoleProgress implements BulkProgress, AutoCloseable {
  /** What fits on a terminal of 80 columns without ending the line. */
  private static final int WIDTH = 79;

  private final String name;
  private final int width;

  /** Null: it is quiet. */
  private final @Nullable PrintStream out;

  // guarded by this
  private @Nullable Bar bar;
  private boolean closed;

  private ConsoleProgress(String name, @Nullable PrintStream out, int width) {
    this.name = name;
    this.out = out;
    this.width = width;
  }

  /**
   * Makes a bar on standard error, of 79 columns; a quiet one if that is no terminal.
   *
   * @param name of what is done, at the begin of the line
   * @return the bar, of which nothing is drawn yet
   */
  public static ConsoleProgress open(String name) {
    return new ConsoleProgress(
        name, StandardError.isTerminal() ? StandardError.stream() : null, WIDTH);
  }

  /**
   * Makes a bar on a stream, whatever that is.
   *
   * @param name of what is done, at the begin of the line
   * @param out where it is drawn, in the characters that the stream's charset has: with carriage
   *     returns, and a line separator at the end
   * @param width columns of the line, at least 1; one less than the terminal has
   * @return the bar, of which nothing is drawn yet
   * @throws IllegalArgumentException if the width is less
   */
  public static ConsoleProgress open(String name, PrintStream out, int width) {
    if (width < 1) {
      throw new IllegalArgumentException("bar has no room: width=" + width);
    }
    return new ConsoleProgress(name, out, width);
  }

  /**
   * More items have ended. The first of a call begins a bar, the last ends it; after {@link #close}
   * nothing happens.
   */
  @Override
  public synchronized void update(long done, long total) {
    if (out == null || closed) {
      return;
    }
    if (bar != null && done < bar.done()) {
      end(); // of a call that never came to its end
    }
    boolean isOpenEnded = total < 0;
    if (bar == null && (isOpenEnded || done < total)) {
      bar = new Bar(name, total, out, width);
    }
    if (bar != null) {
      bar.reach(done);
      if (!isOpenEnded && done >= total) {
        end();
      }
    }
  }

  /** Ends the line, if one is begun. Draws nothing any more. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    end();
  }

  private void end() {
    Bar ended = bar;
    bar = null;
    if (ended != null) {
      ended.close();
    }
  }
}
