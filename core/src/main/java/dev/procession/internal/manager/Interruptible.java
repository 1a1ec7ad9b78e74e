package dev.procession.internal.manager;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which methods say that they end when they are interrupted. */
final class Interruptible {
  private static final ClassValue<Map<Method, Boolean>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Map<Method, Boolean> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Interruptible() {}

  static boolean of(Method method) {
    return KNOWN
        .get(method.getDeclaringClass())
        .computeIfAbsent(
            method, m -> Arrays.asList(m.getExceptionTypes()).contains(InterruptedException.class));
  }
}
