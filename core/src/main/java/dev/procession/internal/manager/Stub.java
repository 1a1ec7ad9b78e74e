package dev.procession.internal.manager;

import dev.procession.manager.ManagerException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Behind a proxy that has an interface: every method of that is called at the server, also default
 * ones. Proxies are equal if they are of the same object.
 */
final class Stub implements InvocationHandler, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Kind kind;
  private final transient Class<?> type;
  private final transient Remote remote;

  private Stub(Kind kind, Class<?> type, Remote remote) {
    this.kind = kind;
    this.type = type;
    this.remote = remote;
  }

  /** A proxy. */
  static <T> T of(Kind kind, Class<T> type, Remote remote) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, new Stub(kind, type, remote));
    return type.cast(proxy);
  }

  /** What a proxy stands for, or null if it is none of ours. */
  static @Nullable Remote remoteOf(@Nullable Object object) {
    return object != null
            && Proxy.isProxyClass(object.getClass())
            && Proxy.getInvocationHandler(object) instanceof Stub stub
        ? stub.remote
        : null;
  }

  /** What a facade before a proxy travels as. */
  static Object handleOf(Object facade, Object proxy) {
    Stub stub = (Stub) Proxy.getInvocationHandler(proxy);
    return stub.remote.depart(facade, stub.kind, null);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
      throws Throwable {
    @Nullable Object[] arguments = given == null ? new Object[0] : given;
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(method, arguments);
    }
    try {
      Recorder recorder = Recorder.current();
      if (recorder != null) {
        return recorder.record(remote, method, arguments);
      }
      if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
        return remote.home().callLater(remote.id(), method, arguments);
      }
      return remote.home().call(remote.id(), method, arguments);
    } finally {
      Reference.reachabilityFence(proxy); // the object lives until the call is over
    }
  }

  private Object ofObject(Method method, @Nullable Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> {
        Remote other = remoteOf(arguments[0]);
        yield other != null && remote.isSame(other);
      }
      case "hashCode" -> Long.hashCode(remote.id());
      default -> text();
    };
  }

  private String text() {
    try {
      return String.valueOf(RootCalls.root(remote.home()).text(remote.id()));
    } catch (ManagerException e) {
      return type.getSimpleName() + " of an object that cannot be reached: " + remote;
    }
  }

  /** {@return what travels inside of the proxy} */
  @Serial
  private Object writeReplace() {
    return new Departed(remote.depart(this, kind, kind == Kind.STUB ? type : null));
  }

  /** Holds a handle, which arrives as the proxy that it stands for. */
  private record Departed(Object proxy) implements Serializable {
    @Serial
    private Object readResolve() {
      return Proxy.getInvocationHandler(proxy);
    }
  }
}
