package dev.procession.internal.manager;

import dev.procession.internal.pool.PoolCalls;
import dev.procession.internal.pool.RemotePool;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes what users hold of served objects, and the objects of the library's own types. */
final class Proxies {
  private Proxies() {}

  /**
   * A proxy.
   *
   * @param type that it has, if its kind does not say it
   */
  static Object make(Kind kind, @Nullable Class<?> type, Remote remote) {
    return switch (kind) {
      case STUB -> Stub.of(kind, Objects.requireNonNull(type), remote);
      case MAP -> new RemoteMap<Object, Object>(stub(kind, remote));
      case LIST -> new RemoteList<@Nullable Object>(stub(kind, remote));
      case SET -> new RemoteSet<@Nullable Object>(stub(kind, remote));
      case QUEUE -> new RemoteQueue<Object>(stub(kind, remote));
      case POOL -> pool(remote);
      default -> Stub.of(kind, kind.type(), remote);
    };
  }

  private static Object pool(Remote remote) {
    PoolCalls calls = stub(Kind.POOL, remote);
    return new RemotePool(calls, () -> Stub.handleOf(calls, calls));
  }

  /** What a facade calls. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as their users have them
  private static <A> A stub(Kind kind, Remote remote) {
    return (A) Stub.of(kind, kind.type(), remote);
  }

  /** An object behind proxies of a kind. */
  static Object servant(Kind kind, @Nullable Object[] arguments) {
    return switch (kind) {
      case MAP -> new MapObject<>();
      case LIST -> arguments.length == 0 ? new ListObject<>() : array(arguments);
      case SET -> new SetObject<>();
      case VALUE -> new ValueObject<>(arguments[0]);
      case QUEUE -> new QueueObject<>((Integer) number(arguments));
      case LOCK -> new LockObject((Boolean) Objects.requireNonNull(arguments[0]));
      case SEMAPHORE -> new SemaphoreObject((Integer) number(arguments), arguments.length > 1);
      case EVENT -> new EventObject();
      case BARRIER -> new BarrierObject((Integer) number(arguments));
      case POOL -> PoolObject.open((Integer) number(arguments));
      default -> throw new IllegalArgumentException("cannot be opened: kind=" + kind);
    };
  }

  private static Object number(@Nullable Object[] arguments) {
    return Objects.requireNonNull(arguments[0]);
  }

  private static Object array(@Nullable Object[] arguments) {
    return new ArrayObject<>(
        (Class<?>) Objects.requireNonNull(arguments[0]),
        (Integer) Objects.requireNonNull(arguments[1]));
  }
}
