package dev.procession.manager;

import java.util.Set;
import java.util.TreeSet;

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

  Set<String> methods() {
    return methods;
  }

  Set<String> proxied() {
    return proxied;
  }
}
