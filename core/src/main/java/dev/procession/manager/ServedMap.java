package dev.procession.manager;

import java.io.Serializable;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map that a {@link Manager} serves, in the order in which keys came. Each method is one call,
 * and happens at the manager at once; null is allowed where a {@link java.util.HashMap} allows it.
 *
 * <p>Keys and values that are got from it are copies: to change one, put it again, or {@linkplain
 * #compute(Object, Remapping) compute} it, which happens at the manager if the function can travel
 * there, as a lambda here can; one that cannot is applied here, again if somebody else was faster.
 *
 * <p>Views, iterators and streams walk a copy of the moment at which they were begun; what is
 * changed through them is changed in the map. {@link #equals} and {@link #hashCode} are those of
 * the content. Thread-safe; travels as a proxy of the same map.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public interface ServedMap<K, V> extends ConcurrentMap<K, V> {
  /**
   * A function of a key that can travel.
   *
   * @param <K> type of the key
   * @param <V> type of the result
   */
  @FunctionalInterface
  interface Mapping<K, V extends @Nullable Object> extends Function<K, V>, Serializable {}

  /**
   * A function of two arguments that can travel.
   *
   * @param <A> type of the first
   * @param <B> type of the second
   * @param <V> type of the result
   */
  @FunctionalInterface
  interface Remapping<A, B extends @Nullable Object, V extends @Nullable Object>
      extends BiFunction<A, B, V>, Serializable {}

  /**
   * Computes a value at the manager; nobody else calls the map meanwhile.
   *
   * @param key of the value
   * @param function of the key and its value, or null
   * @return the new value, or null
   */
  default @Nullable V compute(
      K key, Remapping<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    return compute(
        key, (BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V>) function);
  }

  /**
   * Computes a value at the manager if there is one.
   *
   * @param key of the value
   * @param function of the key and its value
   * @return the new value, or null
   */
  default @Nullable V computeIfPresent(
      K key, Remapping<? super K, ? super V, ? extends @Nullable V> function) {
    return computeIfPresent(
        key, (BiFunction<? super K, ? super V, ? extends @Nullable V>) function);
  }

  /**
   * Computes a value at the manager if there is none.
   *
   * @param key of the value
   * @param function of the key
   * @return the value that there is then, or null
   */
  default @Nullable V computeIfAbsent(K key, Mapping<? super K, ? extends @Nullable V> function) {
    return computeIfAbsent(key, (Function<? super K, ? extends @Nullable V>) function);
  }

  /**
   * Combines a value with that which there is, if any, at the manager.
   *
   * @param key of the value
   * @param value that is added
   * @param function of the value that there is and the one that is added
   * @return the new value, or null
   */
  default @Nullable V merge(
      K key, V value, Remapping<? super V, ? super V, ? extends @Nullable V> function) {
    return merge(key, value, (BiFunction<? super V, ? super V, ? extends @Nullable V>) function);
  }

  /**
   * Replaces all values at the manager.
   *
   * @param function of a key and its value
   */
  default void replaceAll(Remapping<? super K, ? super V, ? extends V> function) {
    replaceAll((BiFunction<? super K, ? super V, ? extends V>) function);
  }
}
