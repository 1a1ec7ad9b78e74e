package dev.procession.memory;

import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.function.UnaryOperator;

/**
 * A record of primitives that any processes read and change, as a whole. It travels by any road,
 * and is the same one wherever it arrives.
 *
 * <p><b>Layout.</b> The record's components have to be primitives; they lie in their order, each at
 * a multiple of its size. A record with another component is an {@link IllegalArgumentException},
 * and so is one in a module that is not open to {@code dev.procession}.
 *
 * <p><b>Threads and visibility.</b> Thread-safe, with the memory effects of a volatile access. It
 * is read and set whole: no reader sees components of two settings. Setting takes its turn with all
 * others who set; reading begins anew when it is set meanwhile, and after some tries takes its turn
 * with them. A process that is killed while it sets leaves the old value.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}.
 *
 * {@snippet :
 * record Progress(int done, int failed) {}
 *
 * try (var progress = SharedStruct.open(new Progress(0, 0));
 *     var pool = Pool.processes(4)) {
 *   pool.map(n -> progress.updateAndGet(p -> new Progress(p.done() + 1, p.failed())).done(), items);
 * }
 * }
 *
 * @param <R> the record
 */
public final class SharedStruct<R extends Record> implements AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Structs<R> structs;

  private SharedStruct(Structs<R> structs) {
    this.structs = structs;
  }

  /**
   * Creates one.
   *
   * @param <R> the record
   * @param initial its value
   * @return the struct; this process's end, or closing it here, is the end of it for all who have
   *     not got it by then
   * @throws IllegalArgumentException if the record has a component that is no primitive
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static <R extends Record> SharedStruct<R> open(R initial) {
    @SuppressWarnings("unchecked") // a record's class has no subclasses
    Class<R> type = (Class<R>) initial.getClass();
    SharedStruct<R> struct = new SharedStruct<>(Structs.create(type, 1));
    boolean set = false;
    try {
      struct.set(initial);
      set = true;
      return struct;
    } finally {
      if (!set) {
        struct.close();
      }
    }
  }

  /**
   * Reads it.
   *
   * @return its value
   */
  public R get() {
    return structs.get(0);
  }

  /**
   * Writes it.
   *
   * @param value its new value
   */
  public void set(R value) {
    structs.set(0, value);
  }

  /**
   * Replaces it by what a function makes of it.
   *
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public R updateAndGet(UnaryOperator<R> update) {
    return structs.updateAndGet(0, update);
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    structs.handle().close();
  }

  /** The value. */
  @Override
  public String toString() {
    return "SharedStruct[" + (structs.handle().isClosed() ? "closed" : get()) + "]";
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  private Object writeReplace() {
    return new Handle(structs.none(), structs.handle().reference());
  }

  // an array and not a class, as that has no compact form
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Handle(Record[] none, String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new SharedStruct<>(Structs.arrived(none, path));
    }
  }
}
