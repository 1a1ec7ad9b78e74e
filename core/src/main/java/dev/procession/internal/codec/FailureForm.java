package dev.procession.internal.codec;

import dev.procession.internal.os.FailureText;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * A throwable as it travels: as itself, if it can, and as text in any case.
 *
 * @param type name of its class
 * @param message it has, or null
 * @param trace as {@link Throwable#printStackTrace} prints it, if it can
 * @param serialized itself by JDK serialization, or null if something in it cannot travel, or it
 *     cannot be printed
 */
public record FailureForm(
    String type, @Nullable String message, String trace, byte @Nullable [] serialized) {

  public static FailureForm of(Throwable failure, ClassTable classes) {
    FailureText text = FailureText.of(failure);
    // who logs one that cannot be printed would fail as well
    byte[] serialized = text.isWhole() ? serialize(failure, classes) : null;
    return new FailureForm(failure.getClass().getName(), text.message(), text.trace(), serialized);
  }

  /** Only what it is, where there is no room for more. */
  public FailureForm brief() {
    return new FailureForm(type, null, type, null);
  }

  private static byte @Nullable [] serialize(Throwable failure, ClassTable classes) {
    try {
      Output output = new Output();
      JdkForm.write(failure, output, classes, null);
      return output.toByteArray();
    } catch (Throwable e) { // the code of users does the writing
      return null; // as text, then
    }
  }

  /** The throwable itself, or null if it cannot be had in this process. */
  public @Nullable Throwable rebuild(ClassTable classes) {
    return rebuild(classes, null);
  }

  /**
   * Likewise, of a sender that is not trusted.
   *
   * @param filter what it may be made of
   */
  public @Nullable Throwable rebuild(ClassTable classes, @Nullable ObjectInputFilter filter) {
    if (serialized == null) {
      return null;
    }
    try {
      Object read =
          JdkForm.read(
              new Input(serialized, 0, serialized.length),
              filter == null ? classes : new FilteredClasses(classes, filter),
              filter);
      String _ = String.valueOf(read); // as whatever has it as its cause does
      return read instanceof Throwable failure ? failure : null;
    } catch (Throwable e) {
      return null; // its class refuses to be rebuilt, or what was rebuilt is of no use
    }
  }
}
