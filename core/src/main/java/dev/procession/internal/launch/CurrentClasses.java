package dev.procession.internal.launch;

import dev.procession.internal.codec.ClassTable;
import org.jspecify.annotations.Nullable;

/**
 * The classes that this process and its relatives know each other's by: those of its parent, if it
 * has one, so that siblings agree; otherwise its own.
 */
public final class CurrentClasses {
  private static volatile @Nullable ClassTable ofParent;

  private CurrentClasses() {}

  /** In a worker: the classes that its parent serves. */
  public static void areOfParent(ClassTable classes) {
    ofParent = classes;
  }

  /** The table for what is sent to any process. */
  public static ClassTable get() {
    ClassTable parents = ofParent;
    return parents != null ? parents : ParentClasses.get();
  }
}
