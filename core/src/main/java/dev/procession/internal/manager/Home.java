package dev.procession.internal.manager;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where served objects are, as a process sees it: its own server, or a link to one. */
interface Home {
  /** What no other server has as its id. */
  String serverId();

  /** Where to connect to it, see {@link Places}. */
  String place();

  /**
   * Calls a method of an object, and waits for it.
   *
   * @throws Throwable what the method throws; {@link dev.procession.manager.ManagerException} if it
   *     cannot be called
   */
  @Nullable Object call(long object, Method method, @Nullable Object[] arguments) throws Throwable;

  /** Calls likewise without waiting; fails with what {@link #call} would throw. */
  CompletableFuture<@Nullable Object> callLater(
      long object, Method method, @Nullable Object[] arguments);

  /** The object, once for each process. */
  Remote remote(long object, boolean granted);

  /** Nobody here holds an object any more; its remote was collected. */
  void forget(long object);

  /** How relatives can connect, too. */
  Admission admission();
}
