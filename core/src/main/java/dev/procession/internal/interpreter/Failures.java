package dev.procession.internal.interpreter;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.launch.CurrentClasses;
import org.jspecify.annotations.Nullable;

/** Throwables on their way from one world to another. */
public final class Failures {
  private static final int MOST_CAUSES = 100;

  private Failures() {}

  /** The form in which one crosses. */
  public static FailureForm leave(Throwable failure, ClassTable from) {
    return FailureForm.of(explain(failure), from);
  }

  /** That a native library is in use elsewhere says so, and what can be done. */
  private static Throwable explain(Throwable failure) {
    UnsatisfiedLinkError link = inUseElsewhere(failure);
    if (link == null) {
      return failure;
    }
    UnsatisfiedLinkError explained =
        new UnsatisfiedLinkError(
            link.getMessage()
                + ". A native library can be loaded in one interpreter only, or outside of all."
                + " Use Pool.processes, or a ChildProcess, for code that needs it.");
    explained.initCause(failure);
    return explained;
  }

  private static @Nullable UnsatisfiedLinkError inUseElsewhere(Throwable failure) {
    try {
      Throwable cause = failure;
      for (int i = 0; cause != null && i < MOST_CAUSES; i++, cause = cause.getCause()) {
        if (cause instanceof UnsatisfiedLinkError link
            && String.valueOf(link.getMessage()).contains("already loaded in another")) {
          return link;
        }
      }
      return null;
    } catch (Throwable e) { // of the failure's own class, which cannot even say its cause
      return null;
    }
  }

  /**
   * The throwable where it arrives, or null if it cannot be had there.
   *
   * @param to the world, or null for what is outside
   */
  public static @Nullable Throwable arrive(FailureForm form, @Nullable World to) {
    return form.rebuild(to == null ? CurrentClasses.outside() : to.classes());
  }

  /** Makes something the last cause of a throwable, or suppressed by it if it has no room. */
  public static void addLastCause(Throwable failure, Throwable added) {
    Throwable last = failure;
    for (int i = 0; last.getCause() != null && i < MOST_CAUSES; i++) {
      last = last.getCause();
    }
    try {
      last.initCause(added);
    } catch (RuntimeException e) { // it has said that it has none, or takes none
      failure.addSuppressed(added);
    }
  }
}
