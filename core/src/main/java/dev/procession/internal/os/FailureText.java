package dev.procession.internal.os;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a throwable whatever its own methods do: they may throw, need more memory
 * than there is, or overflow the stack on a long chain of causes. In the worst case that is the
 * name of its class.
 *
 * @param message it has, or null, also if that cannot be had
 * @param trace what it prints; or has printed before it failed to, and where it was made
 * @param isWhole whether it has printed all
 */
public record FailureText(@Nullable String message, String trace, boolean isWhole) {
  public static FailureText of(Throwable failure) {
    try {
      StringWriter text = new StringWriter();
      boolean isWhole = print(failure, new PrintWriter(text));
      return new FailureText(message(failure), text.toString(), isWhole);
    } catch (Throwable e) {
      return new FailureText(null, failure.getClass().getName(), false);
    }
  }

  private static boolean print(Throwable failure, PrintWriter printer) {
    try {
      failure.printStackTrace(printer);
      return true;
    } catch (Throwable e) {
      printer.println(failure.getClass().getName() + ", not printed for " + e.getClass().getName());
      for (StackTraceElement frame : failure.getStackTrace()) {
        printer.println("\tat " + frame);
      }
      return false;
    }
  }

  private static @Nullable String message(Throwable failure) {
    try {
      return failure.getMessage();
    } catch (Throwable e) {
      return null; // the trace says so
    }
  }

  /** A throwable in a line, as it describes itself if it can. */
  public static String description(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable e) {
      return failure.getClass().getName();
    }
  }
}
