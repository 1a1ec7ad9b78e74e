package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;

/**
 * A single value that any processes read and change. It travels by any road, and is the same value
 * wherever it arrives.
 *
 * <p>Every method throws {@link IllegalStateException} after {@link #close}.
 */
public abstract sealed class SharedValue implements AutoCloseable, Serializable
    permits SharedBoolean, SharedDouble, SharedInt, SharedLong {
  // one word; the file's other bytes keep it on a cache line of its own
  @Serial private static final long serialVersionUID = 1L;
  private static final int SIZE = 64;
  static final long VALUE = SharedObject.at(0);

  private final transient Kind kind;
  private final transient SharedHandle handle;

  SharedValue(Kind kind, SharedHandle handle) {
    this.kind = kind;
    this.handle = handle;
  }

  /** What a value is. */
  enum Kind {
    INT("int"),
    LONG("long"),
    DOUBLE("double"),
    BOOLEAN("boolean");

    private final String what;

    Kind(String what) {
      this.what = what;
    }
  }

  /** The memory of a new value, all zeros. */
  static SharedHandle create(Kind kind) {
    return SharedHandle.create(kind.what, SIZE);
  }

  /** The value's memory. */
  final SharedWords words() {
    return handle.words();
  }

  /** The value as it is, for people. */
  abstract Object value();

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public final void close() {
    handle.close();
  }

  /** The value. */
  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + (handle.isClosed() ? "closed" : value()) + "]";
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  final Object writeReplace() {
    return new Handle(kind, handle.reference());
  }

  private record Handle(Kind kind, String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      SharedHandle handle = SharedHandle.arrived(kind.what, path);
      return switch (kind) {
        case INT -> new SharedInt(handle);
        case LONG -> new SharedLong(handle);
        case DOUBLE -> new SharedDouble(handle);
        case BOOLEAN -> new SharedBoolean(handle);
      };
    }
  }
}
