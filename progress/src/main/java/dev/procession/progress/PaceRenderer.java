package dev.procession.progress;

import java.time.temporal.ChronoUnit;
import java.util.Locale;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/**
 * The line as the library draws it, but for the rate and the time left: its own count whole seconds
 * only, and take time in which nothing ends for slowness.
 */
final class PaceRenderer extends DefaultProgressBarRenderer {
  private static final int SECONDS_PER_MINUTE = 60;
  private static final int SECONDS_PER_HOUR = 3600;

  private final Pace pace;

  PaceRenderer(ProgressBarStyle style, Pace pace) {
    super(style, "", 1, true, null, ChronoUnit.SECONDS, true, state -> pace.left());
    this.pace = pace;
  }

  @Override
  protected String speed(ProgressState state) {
    return format(pace.rate());
  }

  /** In the unit of time in which it is at least 1. */
  static String format(double rate) {
    if (rate <= 0) {
      return "?/s";
    }
    if (rate >= 1) {
      return String.format(Locale.ROOT, "%.1f/s", rate);
    }
    double perMinute = rate * SECONDS_PER_MINUTE;
    return perMinute >= 1
        ? String.format(Locale.ROOT, "%.1f/min", perMinute)
        : String.format(Locale.ROOT, "%.1f/h", rate * SECONDS_PER_HOUR);
  }
}
