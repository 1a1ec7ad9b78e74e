package dev.procession.internal.launch;

/**
 * How deep processes that start processes are nested. A bound on it ends a program that, by
 * mistake, starts itself in each of its workers.
 */
public final class Nesting {
  /** How many there may be. */
  static final String MOST = "dev.procession.mostDepth";

  private static final int MOST_BY_DEFAULT = 10;

  private Nesting() {}

  /** How deep they may be nested. */
  public static int most() {
    return Integer.getInteger(MOST, MOST_BY_DEFAULT);
  }

  /**
   * The depth of what this process starts.
   *
   * @throws WorkerStartException if that is too deep
   */
  static int below() throws WorkerStartException {
    int depth = Self.depth() + 1;
    int most = most();
    if (depth > most) {
      throw new WorkerStartException(
          "processes that start processes are nested too deeply: depth="
              + depth
              + ". If that is meant, raise -D"
              + MOST
              + "="
              + most
              + " in the first of them.",
          null);
    }
    return depth;
  }
}
