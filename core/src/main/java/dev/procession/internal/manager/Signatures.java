package dev.procession.internal.manager;

import dev.procession.manager.ManagerException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

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

  /** Of the methods that an interface declares. */
  private static final ClassValue<Map<Method, Facts>> FACTS =
      new ClassValue<>() {
        @Override
        protected Map<Method, Facts> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  /**
   * What is known of a method.
   *
   * @param key as bytes
   * @param isInterruptible whether it says that it ends when it is interrupted
   * @param takesFunction whether it is given code of users
   */
  record Facts(byte[] key, boolean isInterruptible, boolean takesFunction) {
    private static Facts of(Method method) {
      return new Facts(
          Signatures.key(method).getBytes(StandardCharsets.UTF_8),
          Arrays.asList(method.getExceptionTypes()).contains(InterruptedException.class),
          Stream.of(method.getParameterTypes()).anyMatch(Signatures::isFunction));
    }
  }

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

  static Facts of(Method method) {
    return FACTS.get(method.getDeclaringClass()).computeIfAbsent(method, Facts::of);
  }

  private static boolean isFunction(Class<?> type) {
    String its = type.getPackageName();
    return type == Comparator.class
        || its.equals("java.util.function")
        || its.equals("dev.procession.function");
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
