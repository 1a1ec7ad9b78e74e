package dev.procession.examples.images;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.CharsetEncoder;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar that is redrawn in place on a terminal, and now and then a line of its own
 * elsewhere. For any thread.
 */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 79;
  private static final int REDRAW_MILLIS = 100;
  private static final int LINE_MILLIS = 2000;

  private final boolean inPlace;
  private final PrintStream out;
  private final PrintStream err;
  private final int total;
  private final long begin = System.nanoTime();
  private final ProgressBar bar;

  // guarded by this
  private int done;
  private String drawn = "";

  /**
   * Begins.
   *
   * @param name of what is done
   * @param total steps
   * @param out for what is said
   * @param err for the bar
   */
  Progress(String name, int total, PrintStream out, PrintStream err) {
    this.inPlace = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    this.out = out;
    this.err = err;
    this.total = total;
    CharsetEncoder encoder = err.charset().newEncoder();
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(total)
            .setStyle(
                encoder.canEncode("█▏│") ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(inPlace ? REDRAW_MILLIS : LINE_MILLIS)
            .hideEta() // it counts on while nothing is done
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
            .build();
  }

  /** Something is done. */
  synchronized void step() {
    done++;
    double seconds = (double) (System.nanoTime() - begin) / TimeUnit.SECONDS.toNanos(1);
    double left = seconds / done * (total - done);
    bar.setExtraMessage(String.format(Locale.ROOT, "%.1f/s, %.0f s left", done / seconds, left));
    bar.step();
  }

  /** Prints a line above the bar. */
  synchronized void say(String line) {
    if (inPlace) {
      err.print('\r' + " ".repeat(WIDTH) + '\r');
      err.flush();
    }
    out.println(line);
    out.flush();
    drawn = "";
  }

  private synchronized void draw(String text) {
    if (text.equals(drawn)) {
      return;
    }
    drawn = text;
    if (inPlace) {
      err.print('\r' + text);
      err.flush();
    } else {
      err.println(text);
    }
  }

  @Override
  public void close() {
    bar.close(); // draws once more, in another thread
    if (inPlace) {
      err.println();
    }
  }
}
