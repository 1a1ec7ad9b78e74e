package dev.procession.progress;

import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The bar of one call. It is told of progress by one thread at a time, and drawn by that of the
 * library. As it is given a width, the library looks for no terminal, which would cost programs of
 * its own and a share of standard input.
 */
final class Bar implements AutoCloseable {
  private static final int REDRAW_MILLIS = 100;
  private static final String BLOCKS = "█▏▎▍▌▋▊▉";

  private final PrintStream out;
  private final int width;
  private final Pace pace;
  private final ProgressBar bar;
  private long done;

  Bar(String name, long total, PrintStream out, int width) {
    this.out = out;
    this.width = width;
    this.pace = new Pace(total, System::nanoTime);
    ProgressBarStyle style =
        out.charset().newEncoder().canEncode(BLOCKS)
            ? ProgressBarStyle.UNICODE_BLOCK
            : ProgressBarStyle.ASCII;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(total)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .continuousUpdate() // the clock goes on while nothing ends
            .setRenderer(new PaceRenderer(style, pace))
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, width))
            .build();
  }

  private void draw(String line) {
    // where there is no room for a bar, the library draws a column or two too many
    out.print('\r' + line.substring(0, Math.min(line.length(), width)));
    out.flush();
  }

  long done() {
    return done;
  }

  void reach(long items) {
    done = items;
    pace.reach(items);
    bar.stepTo(items);
  }

  /** Draws it for the last time, and ends the line. */
  @Override
  public void close() {
    // the library's thread draws, and waiting for that would lose an interrupt of this one
    CompletableFuture.runAsync(bar::close, Thread::startVirtualThread).join();
    out.println();
    out.flush();
  }
}
