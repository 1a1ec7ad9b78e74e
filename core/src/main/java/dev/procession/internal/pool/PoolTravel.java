package dev.procession.internal.pool;

/**
 * Has pools of this process called by others. Who does that needs pools itself, and is known here
 * by name only.
 */
public interface PoolTravel {
  /** What a pool travels as. */
  Object depart(WorkerPool pool);

  /** {@return who does it} */
  static PoolTravel get() {
    return Holder.INSTANCE;
  }

  /** Made when the first pool travels. */
  final class Holder {
    private static final PoolTravel INSTANCE = make();

    private Holder() {}

    private static PoolTravel make() {
      try {
        return Class.forName("dev.procession.internal.manager.PoolDepartures")
            .asSubclass(PoolTravel.class)
            .getDeclaredConstructor()
            .newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a part of the library is missing", e);
      }
    }
  }
}
