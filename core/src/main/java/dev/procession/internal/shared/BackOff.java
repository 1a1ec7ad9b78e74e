package dev.procession.internal.shared;

/**
 * Looks at a word that other processes write, before sleeping: in growing pauses, as each look
 * takes the cache line from who writes. Not at all where there is one processor. For one wait.
 */
public final class BackOff {
  private static final boolean HAS_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

  private final int most;
  private final int longest;
  private int pause = 1;
  private int spun;

  /**
   * @param most spins of all pauses together, about
   * @param longest spins of a pause
   */
  public BackOff(int most, int longest) {
    this.most = HAS_PROCESSORS ? most : 0;
    this.longest = longest;
  }

  /** Pauses before the next look; false when there were enough. */
  public boolean goesOn() {
    if (spun >= most) {
      return false;
    }
    pause = Math.min(2 * pause, longest);
    spun += pause;
    for (int i = 0; i < pause; i++) {
      Thread.onSpinWait();
    }
    return true;
  }
}
