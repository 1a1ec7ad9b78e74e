package dev.procession.internal.launch;

import java.util.Optional;

/** What this process is, if it is one of ours. */
public final class Self {
  private static volatile String name = "main";
  private static volatile String parentName = "";

  private Self() {}

  /** Its name; {@code main} for a program's first process. */
  public static String name() {
    return name;
  }

  /** The name of the process that has started it; empty in a program's first process. */
  public static Optional<String> parentName() {
    return parentName.isEmpty() ? Optional.empty() : Optional.of(parentName);
  }

  /** In a worker: says what it is used for. */
  public static void become(String newName) {
    name = newName;
  }

  /** In a worker: says who has started it. */
  public static void startedBy(String newParentName) {
    parentName = newParentName;
  }
}
