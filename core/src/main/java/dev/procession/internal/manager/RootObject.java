package dev.procession.internal.manager;

import dev.procession.function.SerializableCallable;
import dev.procession.manager.ManagerStats;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server as its clients call it. */
final class RootObject implements Root {
  private final Server server;

  RootObject(Server server) {
    this.server = server;
  }

  @Override
  public void introduce(String name, long pid) {
    Caller.current().client().introduce(name, pid);
  }

  @Override
  public long ticket(long object) {
    return server.ticket(object);
  }

  @Override
  public void drop(long object, long ticket) {
    server.drop(object, ticket);
  }

  @Override
  public boolean hold(long object, long ticket) {
    return server.hold(object, ticket);
  }

  @Override
  public void release(long object, int count) {
    server.release(object, count);
  }

  @Override
  public Object open(Kind kind, @Nullable Object... arguments) {
    Object made = Proxies.servant(kind, arguments);
    return server.open(made, kind);
  }

  @Override
  public <T> Object create(
      Class<T> type,
      SerializableCallable<? extends T> factory,
      Set<String> exposed,
      Set<String> proxied)
      throws Exception {
    return server.create(type, factory, exposed, proxied);
  }

  @Override
  public void bind(String name, Object proxy) {
    server.bind(name, proxy);
  }

  @Override
  public @Nullable Object lookup(String name) {
    return server.lookup(name);
  }

  @Override
  public boolean unbind(String name) {
    return server.unbind(name);
  }

  @Override
  public @Nullable Object[] batch(Object[] calls) throws Exception {
    @Nullable Object[] results = new @Nullable Object[calls.length];
    boolean done = false;
    try {
      for (int i = 0; i < calls.length; i++) {
        Object[] call = (Object[]) calls[i];
        ServedObject object = server.find((Long) call[0]);
        Method method = Signatures.require(object.type(), (String) call[1]);
        results[i] = call(object, method, (Object[]) call[2]);
      }
      done = true;
      return results;
    } finally {
      if (!done) {
        Departing.end(results);
      }
    }
  }

  private @Nullable Object call(ServedObject object, Method method, @Nullable Object[] arguments)
      throws Exception {
    try {
      return server.invokeGuarded(object, method, arguments);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InvocationTargetException(e);
    }
  }

  @Override
  public @Nullable String text(long object) {
    return String.valueOf(server.find(object).target());
  }

  @Override
  public ManagerStats stats() {
    return server.stats();
  }

  @Override
  public void end() {
    server.end();
  }
}
