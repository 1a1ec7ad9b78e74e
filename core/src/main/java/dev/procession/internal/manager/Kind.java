package dev.procession.internal.manager;

import dev.procession.Pool;
import dev.procession.internal.pool.PoolCalls;
import dev.procession.manager.ServedBarrier;
import dev.procession.manager.ServedEvent;
import dev.procession.manager.ServedList;
import dev.procession.manager.ServedMap;
import dev.procession.manager.ServedQueue;
import dev.procession.manager.ServedSemaphore;
import dev.procession.manager.ServedSet;
import dev.procession.manager.ServedValue;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Sorts of served objects: what their methods are, and how they are to be called. */
@SuppressWarnings("ImmutableEnumChecker") // it is
enum Kind {
  /** The server itself. */
  ROOT(Root.class, false, Set.of("create", "batch", "text")),

  /** An object of users, behind an interface of theirs. */
  STUB(null, false, Set.of()),

  MAP(MapApi.class, true, Set.of()),
  LIST(ListApi.class, true, Set.of()),
  SET(SetApi.class, true, Set.of()),
  VALUE(ServedValue.class, true, Set.of()),
  QUEUE(QueueApi.class, false, Set.of()),
  LOCK(Lock.class, false, Set.of("lock")),
  CONDITION(Condition.class, false, Set.of("awaitUninterruptibly")),
  SEMAPHORE(ServedSemaphore.class, false, Set.of()),
  EVENT(ServedEvent.class, false, Set.of()),
  BARRIER(ServedBarrier.class, false, Set.of()),
  POOL(PoolCalls.class, false, Set.of("terminate"));

  private final @Nullable Class<?> type;
  private final boolean guarded;
  private final Set<String> waiting;

  /**
   * @param type whose methods are called, unless each object has its own
   * @param guarded whether it does not guard itself against several threads
   * @param waiting names of methods that wait, or run code of users, although it does not show
   */
  Kind(@Nullable Class<?> type, boolean guarded, Set<String> waiting) {
    this.type = type;
    this.guarded = guarded;
    this.waiting = waiting;
  }

  /** The interface of those that have the same. */
  Class<?> type() {
    if (type == null) {
      throw new IllegalStateException("each has its own: kind=" + this);
    }
    return type;
  }

  /** What users know as the type of such an object's proxies. */
  Class<?> shownFor(Class<?> itsType) {
    return switch (this) {
      case MAP -> ServedMap.class;
      case LIST -> ServedList.class;
      case SET -> ServedSet.class;
      case QUEUE -> ServedQueue.class;
      case POOL -> Pool.class;
      default -> itsType;
    };
  }

  /** Whether only one thread at a time may call it. */
  boolean isGuarded() {
    return guarded;
  }

  /** Whether a call neither waits nor runs code of users. */
  boolean isQuick(Method method) {
    if (this == STUB) {
      return false;
    }
    Signatures.Facts facts = Signatures.of(method);
    return !facts.takesFunction()
        && !facts.isInterruptible()
        && !waiting.contains(method.getName());
  }
}
