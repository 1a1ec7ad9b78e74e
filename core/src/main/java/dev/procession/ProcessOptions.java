package dev.procession;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link ChildProcess} is to be like. Immutable and thread-safe; a value to be kept and used
 * again.
 *
 * {@snippet :
 * UnaryOperator<ProcessOptions> small = o -> o.withMaxHeap("64m").withDaemon(true);
 * ChildProcess.start(small, () -> work());
 * }
 */
public final class ProcessOptions implements JvmOptions<ProcessOptions> {
  /** System property that makes {@link StartMode#STANDBY} the default: {@value}. */
  public static final String START_MODE_PROPERTY = "dev.procession.startMode";

  private final @Nullable String name;
  private final boolean daemon;
  private final JvmSettings jvm;

  private ProcessOptions(@Nullable String name, boolean daemon, JvmSettings jvm) {
    this.name = name;
    this.daemon = daemon;
    this.jvm = jvm;
  }

  /** The defaults, as each method says. */
  static ProcessOptions defaults() {
    return new ProcessOptions(null, false, JvmSettings.defaults());
  }

  @Override
  public JvmSettings jvm() {
    return jvm;
  }

  @Override
  public ProcessOptions withJvm(JvmSettings settings) {
    return new ProcessOptions(name, daemon, settings);
  }

  /**
   * Names the process; by default {@code process-N}, counted in this process. The name is for
   * people: it need not be unique.
   *
   * @param newName the name
   * @return a copy with that
   */
  public ProcessOptions withName(String newName) {
    return new ProcessOptions(newName, daemon, jvm);
  }

  /**
   * Chooses whether this process may end while the new one runs, and takes it with it; by default
   * it waits at the end of {@code main}.
   *
   * @param newDaemon true not to wait
   * @return a copy with that
   */
  public ProcessOptions withDaemon(boolean newDaemon) {
    return new ProcessOptions(name, newDaemon, jvm);
  }

  @Nullable String name() {
    return name;
  }

  boolean daemon() {
    return daemon;
  }
}
