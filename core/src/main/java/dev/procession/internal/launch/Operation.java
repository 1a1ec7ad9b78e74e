package dev.procession.internal.launch;

import dev.procession.function.SerializableBiFunction;
import dev.procession.function.SerializableFunction;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.codec.NotDecodableException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What is done with each item of a chunk, in its worker. */
public interface Operation {

  /** Does it. */
  @Nullable Object apply(@Nullable Object item) throws Throwable;

  /** Why an item has failed of which {@link #apply} threw something. */
  default FailureKind kindOf(Throwable failure) {
    return FailureKind.THROWN;
  }

  /** The operation with a number, on the chunk's function if it has one. */
  @SuppressWarnings("unchecked")
  static Operation of(int number, @Nullable Object function) {
    if (number == ChunkLayout.CALL) {
      return new Call();
    }
    if (function instanceof SerializableFunction<?, ?> single && number == ChunkLayout.APPLY) {
      return new Apply((SerializableFunction<@Nullable Object, @Nullable Object>) single);
    }
    if (function instanceof SerializableBiFunction<?, ?, ?> pair
        && number == ChunkLayout.APPLY_PAIR) {
      return new ApplyPair(
          (SerializableBiFunction<@Nullable Object, @Nullable Object, @Nullable Object>) pair);
    }
    return number == ChunkLayout.RUN && !(function instanceof Throwable)
        ? new Run(function)
        : new Missing(function);
  }

  /** Code that looks for classes by name looks where its own class is from. */
  @SuppressWarnings("ReferenceEquality") // a loader is itself
  static void useLoaderOf(Object code) {
    ClassLoader loader = code.getClass().getClassLoader();
    Thread main = Thread.currentThread();
    if (loader != null && main.getContextClassLoader() != loader) {
      main.setContextClassLoader(loader);
    }
  }

  /** Runs a piece of code: a callable, or a runnable of either kind. */
  static @Nullable Object run(@Nullable Object code) throws Exception {
    if (code == null) {
      throw new IllegalStateException("nothing to run");
    }
    useLoaderOf(code);
    if (code instanceof Callable<?> callable) {
      return callable.call();
    }
    if (code instanceof SerializableRunnable runnable) {
      runnable.perform();
    } else if (code instanceof Runnable runnable) {
      runnable.run();
    } else {
      throw new IllegalStateException("not code: class=" + code.getClass().getName());
    }
    return null;
  }

  /** The item is the code. */
  final class Call implements Operation {
    @Override
    public @Nullable Object apply(@Nullable Object item) throws Throwable {
      return run(item);
    }
  }

  /** The chunk's function is the code. */
  record Run(@Nullable Object code) implements Operation {
    @Override
    public @Nullable Object apply(@Nullable Object item) throws Throwable {
      return run(code);
    }
  }

  /** The item is the argument. */
  final class Apply implements Operation {
    private final SerializableFunction<@Nullable Object, @Nullable Object> function;

    Apply(SerializableFunction<@Nullable Object, @Nullable Object> function) {
      this.function = function;
    }

    @Override
    public @Nullable Object apply(@Nullable Object item) throws Throwable {
      useLoaderOf(function); // each time: items may set another
      return function.apply(item);
    }
  }

  /** The item is a pair of arguments. */
  final class ApplyPair implements Operation {
    private final SerializableBiFunction<@Nullable Object, @Nullable Object, @Nullable Object>
        function;

    ApplyPair(
        SerializableBiFunction<@Nullable Object, @Nullable Object, @Nullable Object> function) {
      this.function = function;
    }

    @Override
    public @Nullable Object apply(@Nullable Object item) throws Throwable {
      if (item instanceof Map.Entry<?, ?> pair) {
        useLoaderOf(function);
        return function.apply(pair.getKey(), pair.getValue());
      }
      throw new IllegalStateException("item is no pair");
    }
  }

  /** The function could not be decoded. */
  final class Missing implements Operation {
    private final @Nullable Object reason;

    Missing(@Nullable Object reason) {
      this.reason = reason;
    }

    @Override
    public @Nullable Object apply(@Nullable Object item) throws Throwable {
      throw reason instanceof Throwable failure
          ? failure
          : new IllegalStateException("no such function");
    }

    @Override
    public FailureKind kindOf(Throwable failure) {
      return failure instanceof NotDecodableException
          ? FailureKind.NOT_DECODABLE
          : FailureKind.THROWN;
    }
  }
}
