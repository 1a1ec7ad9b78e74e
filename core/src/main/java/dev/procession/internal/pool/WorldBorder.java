package dev.procession.internal.pool;

import dev.procession.ResultNotSerializableException;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.interpreter.Crossing;
import dev.procession.internal.interpreter.Failures;
import dev.procession.internal.interpreter.World;
import dev.procession.internal.launch.FailureKind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The border of a worker that has a world of its own. */
final class WorldBorder implements Border {
  private final World world;

  /**
   * Where code of those who have opened the pool looks for classes; their world follows. Tasks that
   * submit others are in another.
   */
  private final @Nullable ClassLoader outer;

  /** Functions that have arrived, or why they cannot; by number. */
  private final Map<Long, Object> functions = new ConcurrentHashMap<>();

  WorldBorder(World world, @Nullable ClassLoader outer) {
    this.world = world;
    this.outer = outer;
  }

  @Override
  public boolean isOpen() {
    return false;
  }

  @Override
  public void enter() {
    Thread.currentThread().setContextClassLoader(world.loader());
  }

  @Override
  public void leave() {
    functions.clear();
    world.close();
  }

  @Override
  public @Nullable Object function(Job job) {
    Parcel parcel = job.function();
    if (parcel == null) {
      return null;
    }
    Object known = functions.get(job.number());
    if (known == null) {
      known = arrive(parcel);
      functions.put(job.number(), known);
    }
    return known;
  }

  private Object arrive(Parcel parcel) {
    try {
      Object function = item(parcel, 0);
      return function == null ? new NullPointerException("no function") : function;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  @Override
  public void forget(Job job) {
    functions.remove(job.number());
  }

  @Override
  public @Nullable Object item(Parcel parcel, int index) {
    return ((CrossingParcel) parcel).value(index).arrive(world); // as its kind packs them
  }

  @Override
  public Outcome value(long chunk, int item, Parcel parcel, @Nullable Object value) {
    Crossing result;
    try {
      result = Crossing.of(value, world.classes());
    } catch (RuntimeException | Error e) { // it cannot cross, or code of its class says so
      return failure(chunk, item, parcel, FailureKind.RESULT_NOT_ENCODABLE, e);
    }
    try {
      Object arrived = where(parcel, () -> result.arrive(World.current()));
      return new Outcome(chunk, item, arrived, null, null);
    } catch (NotDecodableException e) {
      ResultNotSerializableException unreadable =
          new ResultNotSerializableException("result cannot be read here: " + e.getMessage(), e);
      return new Outcome(chunk, item, null, unreadable, null);
    } finally {
      result.discard();
    }
  }

  @Override
  public Outcome failure(long chunk, int item, Parcel parcel, Throwable failure) {
    FailureKind kind =
        failure instanceof NotDecodableException ? FailureKind.NOT_DECODABLE : FailureKind.THROWN;
    return failure(chunk, item, parcel, kind, failure);
  }

  private Outcome failure(
      long chunk, int item, Parcel parcel, FailureKind kind, Throwable failure) {
    FailureForm form = Failures.leave(failure, world.classes());
    Throwable rebuilt = where(parcel, () -> Failures.arrive(form, World.current()));
    Throwable arrived = Outcome.throwable(kind, form, rebuilt);
    return new Outcome(chunk, item, null, arrived, null);
  }

  /**
   * Does something as if it were done where an item was submitted: code of what arrives looks for
   * classes there.
   */
  private <T extends @Nullable Object> T where(Parcel parcel, Supplier<T> action) {
    World from = ((CrossingParcel) parcel).world(); // as its kind packs them
    Thread thread = Thread.currentThread();
    ClassLoader inner = thread.getContextClassLoader();
    thread.setContextClassLoader(from == null ? outer : from.loader());
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(inner);
    }
  }
}
