package dev.procession;

import dev.procession.internal.os.Os;
import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a process ended: with an exit code, or by a signal.
 *
 * <p>A JVM that gets SIGTERM, SIGINT or SIGHUP runs its shutdown hooks and then exits with 128 plus
 * the signal's number; that is shown as the signal, although {@code System.exit} with the same
 * number looks alike. Unix keeps 8 bits of an exit code: {@code System.exit(300)} is seen as 44.
 *
 * @param value exit code, or number of the signal
 * @param bySignal which of the two it is
 */
public record ExitStatus(int value, boolean bySignal) implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Whether the process ended well.
   *
   * @return true for exit code 0
   */
  public boolean isSuccess() {
    return !bySignal && value == 0;
  }

  /**
   * Returns the exit code.
   *
   * @return the code, or empty if a signal ended the process
   */
  public OptionalInt code() {
    return bySignal ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /**
   * Returns the number of the signal.
   *
   * @return the number, or empty if the process exited by itself
   */
  public OptionalInt signal() {
    return bySignal ? OptionalInt.of(value) : OptionalInt.empty();
  }

  /**
   * Returns the name of the signal.
   *
   * @return as {@code KILL}; a number where the name is not known; empty if the process exited
   */
  public Optional<String> signalName() {
    return bySignal ? Optional.of(Os.current().signalName(value)) : Optional.empty();
  }

  /** {@code code 1}, or {@code signal 9 (KILL)}. */
  @Override
  public String toString() {
    return signalName().map(name -> "signal " + value + " (" + name + ")").orElse("code " + value);
  }
}
