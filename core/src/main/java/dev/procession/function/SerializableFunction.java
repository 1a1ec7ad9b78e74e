package dev.procession.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of one argument that can travel to another process.
 *
 * @param <T> type of the argument, which has to be able to travel
 * @param <R> type of the result, which has to be able to travel back
 */
@FunctionalInterface
public interface SerializableFunction<T extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {
  /**
   * Applies it.
   *
   * @param argument the argument
   * @return the result
   * @throws Exception if it fails; the exception travels back
   */
  R apply(T argument) throws Exception;
}
