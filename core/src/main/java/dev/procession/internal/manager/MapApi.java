package dev.procession.internal.manager;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A served map as it is called. */
interface MapApi<K, V> extends Map<K, V> {
  /** All entries at a moment, in order. */
  Map<K, V> copy();

  /** Replaces a value of which somebody has a copy. */
  default boolean replaceCopied(K key, V before, V value) {
    boolean same = containsKey(key) && Copies.isSame(get(key), before);
    if (same) {
      put(key, value);
    }
    return same;
  }

  /** Removes a value likewise. */
  default boolean removeCopied(@Nullable Object key, @Nullable Object before) {
    boolean same = containsKey(key) && Copies.isSame(get(key), before);
    if (same) {
      remove(key);
    }
    return same;
  }

  /** Whether there was a key that was removed. */
  default boolean removeKey(@Nullable Object key) {
    boolean known = containsKey(key);
    remove(key);
    return known;
  }
}
