package dev.procession.internal.manager;

import dev.procession.internal.channel.ObjectMessages;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A server as its own process sees it: calls are made by who calls, and copy likewise. */
final class LocalHome implements Home {
  private final Server server;
  private final Remotes remotes = new Remotes(this);

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
  public byte[] key() {
    return server.key();
  }

  @Override
  public @Nullable Object call(long object, Method method, @Nullable Object[] arguments)
      throws Throwable {
    server.requireOpen();
    ServedObject found = server.find(object);
    Caller caller = new Caller(server.own(), Thread.currentThread().threadId());
    @Nullable Object[] copies = (@Nullable Object[]) copy(arguments);
    if (!found.kind().isGuarded()) {
      return result(caller.calls(() -> server.invoke(found, method, copies)));
    }
    synchronized (found.target()) {
      return result(caller.calls(() -> server.invoke(found, method, copies)));
    }
  }

  private @Nullable Object result(@Nullable Object result) {
    return result instanceof CompletionStage<?>
        ? result
        : ((@Nullable Object[]) copy(new @Nullable Object[] {result}))[0];
  }

  private Object copy(@Nullable Object[] objects) {
    return ObjectMessages.decode(
        ObjectMessages.encode(new byte[0], objects, this).bytes(), 0, null);
  }

  @Override
  @SuppressWarnings("unchecked")
  public CompletableFuture<@Nullable Object> callLater(
      long object, Method method, @Nullable Object[] arguments) {
    try {
      Object result = call(object, method, arguments);
      return result instanceof CompletionStage<?> stage
          ? (CompletableFuture<@Nullable Object>) stage.toCompletableFuture()
          : CompletableFuture.completedFuture(result);
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
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
