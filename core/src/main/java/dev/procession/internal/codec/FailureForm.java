package dev.procession.internal.codec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * A throwable as it travels: as itself, if it can, and as text in any case.
 *
 * @param type name of its class
 * @param message it has, or null
 * @param trace as {@link Throwable#printStackTrace} prints it
 * @param serialized itself by JDK serialization, or null if something in it cannot travel
 */
public record FailureForm(
    String type, @Nullable String message, String trace, byte @Nullable [] serialized) {

  public static FailureForm of(Throwable failure, ClassTable classes) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return new FailureForm(
        failure.getClass().getName(),
        failure.getMessage(),
        trace.toString(),
        serialize(failure, classes));
  }

  private static byte @Nullable [] serialize(Throwable failure, ClassTable classes) {
    Output output = new Output();
    try {
      JdkForm.write(failure, output, classes, null);
      return output.toByteArray();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return null; // as text, then
    }
  }

  /** The throwable itself, or null if it cannot be had in this process. */
  public @Nullable Throwable rebuild(ClassTable classes) {
    if (serialized == null) {
      return null;
    }
    try {
      return JdkForm.read(new Input(serialized, 0, serialized.length), classes)
              instanceof Throwable failure
          ? failure
          : null;
    } catch (RuntimeException | Error e) {
      return null; // its class refuses to be rebuilt
    }
  }
}
