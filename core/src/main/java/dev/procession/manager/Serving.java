package dev.procession.manager;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which methods of an object are served, and how. Immutable. */
public final class Serving {
  static final Serving ALL = new Serving(Set.of(), Set.of());

  private final Set<String> methods;
  private final Set<String> proxied;

  private Serving(Set<String> methods, Set<String> proxied) {
    this.methods = methods;
    this.proxied = proxied;
  }

  /**
   * Serves methods of a name; by default, without any, all of the interface.
   *
   * @param name of the methods
   * @return a copy with that
   */
  public Serving withMethod(String name) {
    return new Serving(with(methods, name), proxied);
  }

  /**
   * Lets what methods of a name return stay at the manager: who calls gets a proxy of it, with the
   * interface that the method returns.
   *
   * @param name of the methods
   * @return a copy with that
   */
  public Serving withProxied(String name) {
    return new Serving(methods, with(proxied, name));
  }

  private static Set<String> with(Set<String> names, String name) {
    Set<String> more = new TreeSet<>(names);
    more.add(name);
    return Set.copyOf(more);
  }

  /**
   * Checks that an interface has these methods.
   *
   * @throws IllegalArgumentException if it has not, or one whose result is to stay returns no
   *     interface
   */
  void check(Class<?> type) {
    for (String name : methods) {
      if (named(type, name).findAny().isEmpty()) {
        throw new IllegalArgumentException("no such method: " + type.getName() + '.' + name);
      }
    }
    for (String name : proxied) {
      if (!named(type, name).anyMatch(method -> method.getReturnType().isInterface())) {
        throw new IllegalArgumentException(
            "no method that returns an interface: " + type.getName() + '.' + name);
      }
    }
  }

  private static Stream<Method> named(Class<?> type, String name) {
    return Stream.of(type.getMethods()).filter(method -> method.getName().equals(name));
  }

  Set<String> methods() {
    return methods;
  }

  Set<String> proxied() {
    return proxied;
  }
}
