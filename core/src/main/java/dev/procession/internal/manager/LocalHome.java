package dev.procession.internal.manager;

import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.os.SystemThreads;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A server as its own process sees it: calls are made by who calls, and copy likewise. */
final class LocalHome implements Home {
  private final Server server;
  private final Remotes remotes = new Remotes(this);

  /** Calls that may wait. */
  private final Set<Running> running = ConcurrentHashMap.newKeySet();

  LocalHome(Server server) {
    this.server = server;
  }

  Server server() {
    return server;
  }

  @Override
  public String serverId() {
    return server.id();
  }

  @Override
  public String place() {
    return Places.of(server.address());
  }

  @Override
  public Admission admission() {
    return server.admission();
  }

  @Override
  public @Nullable Object call(long object, Method method, @Nullable Object[] arguments)
      throws Throwable {
    server.requireOpen();
    Caller caller = new Caller(server.own(), Thread.currentThread().threadId());
    return make(server.find(object), method, (@Nullable Object[]) copy(arguments), caller);
  }

  /** Calls it in this thread; if it waits, until the server is closed. */
  private @Nullable Object make(
      ServedObject found, Method method, @Nullable Object[] arguments, Caller caller)
      throws Throwable {
    boolean _ = method.trySetAccessible(); // its interface need not be public
    if (found.kind().isQuick(method)) {
      return invoke(found, method, arguments, caller);
    }
    Running its = new Running();
    running.add(its);
    its.begin();
    try {
      server.requireOpen(); // or else it sees this call when it is closed
      return invoke(found, method, arguments, caller);
    } catch (Throwable e) {
      server.requireOpen();
      throw e;
    } finally {
      running.remove(its);
      its.end();
    }
  }

  private @Nullable Object invoke(
      ServedObject found, Method method, @Nullable Object[] arguments, Caller caller)
      throws Throwable {
    return found.alone(() -> result(caller.calls(() -> server.invoke(found, method, arguments))));
  }

  private @Nullable Object result(@Nullable Object result) {
    try {
      return result instanceof CompletionStage<?>
          ? result
          : ((@Nullable Object[]) copy(new @Nullable Object[] {result}))[0];
    } finally {
      Departing.end(result);
    }
  }

  private Object copy(@Nullable Object[] objects) {
    return ObjectMessages.decode(
        ObjectMessages.encode(ObjectMessages.NO_HEAD, objects, this).bytes(), 0, null);
  }

  @Override
  public CompletableFuture<@Nullable Object> callLater(
      long object, Method method, @Nullable Object[] arguments) {
    CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    try {
      server.requireOpen();
      ServedObject found = server.find(object);
      @Nullable Object[] copies = (@Nullable Object[]) copy(arguments);
      Caller caller = new Caller(server.own(), Thread.currentThread().threadId());
      if (found.kind().isQuick(method)) {
        complete(future, found, method, copies, caller);
      } else {
        SystemThreads.run(() -> complete(future, found, method, copies, caller));
      }
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
    }
    return future;
  }

  private void complete(
      CompletableFuture<@Nullable Object> future,
      ServedObject found,
      Method method,
      @Nullable Object[] arguments,
      Caller caller) {
    try {
      Object result = make(found, method, arguments, caller);
      if (result instanceof CompletionStage<?> stage) {
        var _ = stage.whenComplete((value, failure) -> complete(future, value, failure));
      } else {
        future.complete(result);
      }
    } catch (Throwable e) {
      future.completeExceptionally(e);
    }
  }

  private void complete(
      CompletableFuture<@Nullable Object> future,
      @Nullable Object value,
      @Nullable Throwable failure) {
    if (failure != null) {
      future.completeExceptionally(failure);
      return;
    }
    try {
      future.complete(result(value));
    } catch (RuntimeException | Error e) { // of an object of users that is copied
      future.completeExceptionally(e);
    }
  }

  /** Those who wait hear that the server is closed. */
  void close() {
    running.forEach(Running::cancel);
  }

  @Override
  public Remote remote(long object, boolean granted) {
    return remotes.get(object, granted);
  }

  @Override
  public void forget(long object) {
    remotes.forget(object);
  }
}
