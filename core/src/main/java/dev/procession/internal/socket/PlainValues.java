package dev.procession.internal.socket;

import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.util.Set;

/**
 * What objects from a socket may be made of, if nobody says otherwise: plain values of the JDK, and
 * classes of some packages with those below them.
 *
 * @param packages of the application; the empty one is that without a name, and has none below it
 */
public record PlainValues(Set<String> packages) implements ObjectInputFilter, Serializable {
  private static final Set<String> PACKAGES =
      Set.of(
          "java.lang",
          "java.math",
          "java.time",
          "java.time.chrono",
          "java.time.zone",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic");

  private static final Set<String> CLASSES =
      Set.of("java.net.URI", "java.net.InetAddress", "java.nio.file.Path");

  private static final long MOST_DEPTH = 500;
  private static final String OWN_CODEC = "dev.procession.internal.codec.";

  /** What proxies of managers travel as. */
  private static final String PROXIES = "dev.procession.internal.manager.";

  /** Keeps a copy. */
  public PlainValues {
    packages = Set.copyOf(packages);
  }

  @Override
  public Status checkInput(FilterInfo info) {
    if (info.depth() > MOST_DEPTH) {
      return Status.REJECTED;
    }
    Class<?> type = info.serialClass();
    if (type == null) {
      return Status.UNDECIDED; // the end of something
    }
    while (type.isArray()) {
      type = type.getComponentType();
    }
    return isAllowed(type) ? Status.ALLOWED : Status.REJECTED;
  }

  private boolean isAllowed(Class<?> type) {
    String name = type.getName();
    String its = type.getPackageName();
    return type.isPrimitive()
        || PACKAGES.contains(its)
        || CLASSES.contains(name)
        || (Throwable.class.isAssignableFrom(type) && its.startsWith("java."))
        || name.startsWith(OWN_CODEC)
        || name.startsWith(PROXIES)
        || isOfApplication(its);
  }

  private boolean isOfApplication(String its) {
    for (String allowed : packages) {
      if (its.equals(allowed) || (!allowed.isEmpty() && its.startsWith(allowed + '.'))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "plain values, and classes of " + packages;
  }
}
