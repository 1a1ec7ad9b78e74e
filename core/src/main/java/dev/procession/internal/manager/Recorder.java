package dev.procession.internal.manager;

import dev.procession.manager.ManagerException;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes the calls that a thread makes on proxies, to be made later, together, or without waiting.
 * To who makes them they return nothing, zero or false.
 */
final class Recorder {
  private static final ThreadLocal<@Nullable Recorder> CURRENT = new ThreadLocal<>();

  private final List<Recorded> calls = new ArrayList<>();

  /** A call that was not made. */
  record Recorded(Remote remote, Method method, @Nullable Object[] arguments) {}

  private Recorder() {}

  static @Nullable Recorder current() {
    return CURRENT.get();
  }

  /** The calls that some code makes. */
  static <T> List<Recorded> during(Function<? super T, ?> code, T argument) {
    Recorder recorder = new Recorder();
    if (CURRENT.get() != null) {
      throw new IllegalStateException("calls are being recorded in this thread already");
    }
    CURRENT.set(recorder);
    try {
      Object _ = code.apply(argument);
    } finally {
      CURRENT.remove();
    }
    return recorder.calls;
  }

  @Nullable Object record(Remote remote, Method method, @Nullable Object[] arguments) {
    calls.add(new Recorded(remote, method, arguments));
    return nothing(method.getReturnType());
  }

  private static @Nullable Object nothing(Class<?> type) {
    if (!type.isPrimitive() || type == void.class) {
      return null;
    }
    return Array.get(Array.newInstance(type, 1), 0);
  }

  /** The only call. */
  static Recorded only(List<Recorded> calls) {
    if (calls.size() != 1) {
      throw new ManagerException("not one call of a proxy, but " + calls.size(), null);
    }
    return calls.getFirst();
  }
}
