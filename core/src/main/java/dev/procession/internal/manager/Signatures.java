package dev.procession.internal.manager;

import dev.procession.manager.ManagerException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Methods of interfaces by a key that is the same in all processes: name and parameters. */
final class Signatures {
  /** Of one interface. */
  private static final ClassValue<Map<String, Method>> BY_KEY =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          return byKey(type);
        }
      };

  /** Keys of the methods that an interface declares, as bytes. */
  private static final ClassValue<Map<Method, byte[]>> BYTES =
      new ClassValue<>() {
        @Override
        protected Map<Method, byte[]> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Signatures() {}

  private static Map<String, Method> byKey(Class<?> type) {
    Map<String, Method> methods = new HashMap<>();
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        methods.merge(key(method), method, Signatures::moreSpecific);
      }
    }
    methods.values().forEach(Method::trySetAccessible);
    return methods;
  }

  /** One overrides the other with a result that says more. */
  private static Method moreSpecific(Method one, Method other) {
    return one.getReturnType().isAssignableFrom(other.getReturnType()) ? other : one;
  }

  static String key(Method method) {
    StringBuilder key = new StringBuilder(method.getName()).append('(');
    for (Class<?> parameter : method.getParameterTypes()) {
      key.append(parameter.getName()).append(',');
    }
    return key.append(')').toString();
  }

  /** The key of a method. */
  static byte[] bytes(Method method) {
    return BYTES
        .get(method.getDeclaringClass())
        .computeIfAbsent(method, m -> key(m).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The method of an interface that has a key.
   *
   * @throws ManagerException if there is none
   */
  static Method require(Class<?> type, String key) {
    Method method = BY_KEY.get(type).get(key);
    if (method == null) {
      throw new ManagerException(
          "no such method: class=" + type.getName() + ", method=" + key, null);
    }
    return method;
  }
}
