package dev.procession.internal.launch;

import java.util.Optional;

/** What this process is, if it is one of ours. */
public final class Self {
  private static volatile String name = "main";
  private static volatile String parentName = "";
  private static volatile int depth;

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

  /** How many of its ancestors are ours: 0 for a program's first process. */
  static int depth() {
    return depth;
  }

  /** In a worker: says who has started it, and how deep that makes it. */
  public static void startedBy(String newParentName, int newDepth) {
    parentName = newParentName;
    depth = newDepth;
  }
}
