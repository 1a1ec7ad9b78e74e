package dev.procession.internal.os;

import java.lang.ref.Cleaner;

/** Ends what is forgotten, in one daemon thread for the whole process. Actions must be short. */
public final class SharedCleaner {
  private static final Cleaner CLEANER =
      Cleaner.create(
          task -> SystemThreads.own().daemon().name("procession-shared-cleaner").unstarted(task));

  private SharedCleaner() {}

  /**
   * Runs an action when an object is not reachable any more, or when it is told to; once.
   *
   * @param action that does not refer to the object
   */
  public static Cleaner.Cleanable register(Object object, Runnable action) {
    return CLEANER.register(object, action);
  }
}
