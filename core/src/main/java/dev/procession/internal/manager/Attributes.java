package dev.procession.internal.manager;

import dev.procession.function.SerializableCallable;
import java.io.Serial;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A namespace that is served: an interface whose methods read and write attributes. */
final class Attributes implements InvocationHandler {
  /** By name. Guarded by itself. */
  private final TreeMap<String, @Nullable Object> values = new TreeMap<>();

  /** Makes one at the server. */
  record Factory<T>(Class<T> type) implements SerializableCallable<T> {
    @Serial private static final long serialVersionUID = 1L;

    @Override
    public T call() {
      return type.cast(
          Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Attributes()));
    }
  }

  /**
   * Refuses an interface that has other methods.
   *
   * @throws IllegalArgumentException with one that neither reads nor writes
   */
  static void check(Class<?> type) {
    for (Method method : type.getMethods()) {
      if (!isReading(method) && !isWriting(method)) {
        throw new IllegalArgumentException("neither reads nor writes an attribute: " + method);
      }
    }
  }

  private static boolean isReading(Method method) {
    return method.getParameterCount() == 0 && method.getReturnType() != void.class;
  }

  private static boolean isWriting(Method method) {
    return method.getParameterCount() == 1 && method.getReturnType() == void.class;
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(proxy, method, arguments);
    }
    synchronized (values) {
      if (arguments != null) {
        values.put(method.getName(), arguments[0]);
        return null;
      }
      if (!values.containsKey(method.getName())) {
        throw new IllegalStateException("attribute was not written yet: " + method.getName());
      }
      return values.get(method.getName());
    }
  }

  @SuppressWarnings("ReferenceEquality") // one is itself
  private Object ofObject(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && arguments[0] == proxy;
      case "hashCode" -> System.identityHashCode(proxy);
      default -> text();
    };
  }

  private String text() {
    synchronized (values) {
      return values.toString();
    }
  }
}
