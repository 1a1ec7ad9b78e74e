package dev.procession.internal.launch;

import dev.procession.internal.codec.ClassTable;
import org.jspecify.annotations.Nullable;

/**
 * The classes that this process and its relatives know each other's by: those of its parent, if it
 * has one, so that siblings agree; otherwise its own. A thread inside a {@link ClassWorld} has
 * those of its world, under the same names.
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
    ClassWorld world = world();
    return world == null ? outside() : world.classes();
  }

  /** That of the process, outside of all worlds. */
  public static ClassTable outside() {
    ClassTable parents = ofParent;
    return parents != null ? parents : ParentClasses.get();
  }

  /**
   * The world that this thread is in, or null: its context class loader, or one above, says so.
   * Threads that code starts have that of who starts them, and those that the JDK shares have the
   * system's, which a variable of the thread that is inherited would not know.
   */
  public static @Nullable ClassWorld world() {
    return worldOf(Thread.currentThread().getContextClassLoader());
  }

  /** The world that a loader, or one above it, belongs to; or null. */
  public static @Nullable ClassWorld worldOf(@Nullable ClassLoader loader) {
    for (ClassLoader next = loader; next != null; next = next.getParent()) {
      if (next instanceof ClassWorld world) {
        return world;
      }
    }
    return null;
  }
}
