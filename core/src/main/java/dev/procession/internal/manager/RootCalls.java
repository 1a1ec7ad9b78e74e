package dev.procession.internal.manager;

import dev.procession.internal.launch.Self;
import dev.procession.manager.ManagerException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;

/** What a process tells a server about the objects that it holds. */
final class RootCalls {
  private static final Method RELEASE = method("release", long.class, int.class);
  private static final Method DROP = method("drop", long.class, long.class);

  private static final Method END = method("end");
  private static final Method INTRODUCE = method("introduce", String.class, long.class);

  private RootCalls() {}

  private static Method method(String name, Class<?>... parameters) {
    try {
      return Root.class.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The server itself. */
  static Root root(Home home) {
    return Stub.of(Kind.ROOT, Root.class, home.remote(Root.ID, false));
  }

  static long ticket(Home home, long object) {
    return root(home).ticket(object);
  }

  static boolean hold(Home home, long object, long ticket) {
    return root(home).hold(object, ticket);
  }

  /** Says who this process is. */
  static void introduce(Home home) {
    later(home, INTRODUCE, Self.name(), ProcessHandle.current().pid());
  }

  /** Does so without waiting; if the server is gone, so is the object. */
  static void release(Home home, long object, int count) {
    later(home, RELEASE, object, count);
  }

  /** Likewise. */
  static void drop(Home home, long object, long ticket) {
    later(home, DROP, object, ticket);
  }

  /** Tells it to end. */
  static void end(Home home) {
    later(home, END);
  }

  private static void later(Home home, Method method, Object... arguments) {
    try {
      CompletableFuture<?> _ = home.callLater(Root.ID, method, arguments);
    } catch (ManagerException e) {
      return; // it is closed
    }
  }
}
