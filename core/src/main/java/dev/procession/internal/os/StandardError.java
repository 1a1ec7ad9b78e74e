package dev.procession.internal.os;

/** Standard error, for what nobody would hear of otherwise. */
public final class StandardError {
  private StandardError() {}

  /**
   * Prints a failure, as a JVM does when a thread ends with one; no other printing comes between.
   *
   * @param where it happened
   */
  @SuppressWarnings("SystemOut") // that is the point
  public static void print(String where, Throwable failure) {
    System.err.print(where + ' ' + FailureText.of(failure).trace());
  }
}
