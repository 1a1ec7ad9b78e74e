package dev.procession.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of two arguments that can travel to another process.
 *
 * @param <T> type of the first argument, which has to be able to travel
 * @param <U> type of the second argument, likewise
 * @param <R> type of the result, which has to be able to travel back
 */
@FunctionalInterface
public interface SerializableBiFunction<
        T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {
  /**
   * Applies it.
   *
   * @param first the first argument
   * @param second the second argument
   * @return the result
   * @throws Exception if it fails; the exception travels back
   */
  R apply(T first, U second) throws Exception;
}
