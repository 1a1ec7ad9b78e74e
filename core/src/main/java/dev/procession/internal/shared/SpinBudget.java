package dev.procession.internal.shared;

/**
 * How long a thread spins before it sleeps: for long while that helps now and then, hardly when it
 * has not for some time, and not at all where there is one processor. For one thread at a time.
 *
 * <p>Spinning for less than waking the other side takes would not do: once a delay has put one side
 * to sleep, the other would sleep before that is awake, and so on.
 */
public final class SpinBudget {
  /** In nanoseconds: some times what waking another thread takes. */
  private static final long MOST = Runtime.getRuntime().availableProcessors() > 1 ? 80_000 : 0;

  private static final long LEAST = MOST / 80;

  /** After so many times in a row that spinning has not helped, there is little more of it. */
  private static final int PATIENCE = 8;

  /** Every so many times it is tried for long again. */
  private static final int RETRY = 64;

  /** How often to look before the clock is asked: what comes at once costs no such question. */
  private static final int LOOKS = 32;

  private int misses;

  /**
   * Begins to spin.
   *
   * @param forLong whether what is waited for is known to be on its way
   */
  public Spin spin(boolean forLong) {
    return new Spin(forLong || misses < PATIENCE || misses % RETRY == 0 ? MOST : LEAST);
  }

  /** The looks of one wait. */
  public static final class Spin {
    private final long nanos;
    private int looks;
    private long until;

    private Spin(long nanos) {
      this.nanos = nanos;
    }

    /** Passes a moment before the next look; false when the time for looking is over. */
    public boolean goesOn() {
      if (looks % LOOKS == LOOKS - 1 && !isTimeLeft()) {
        return false;
      }
      looks++;
      Thread.onSpinWait();
      return nanos > 0;
    }

    private boolean isTimeLeft() {
      long now = System.nanoTime();
      if (looks < LOOKS) {
        until = now + nanos;
      }
      return now - until < 0;
    }
  }

  /** Learns whether that has helped. */
  public void learn(boolean helped) {
    misses = helped ? 0 : misses + 1;
  }
}
