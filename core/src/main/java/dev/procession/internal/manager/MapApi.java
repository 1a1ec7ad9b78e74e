package dev.procession.internal.manager;

import java.util.Map;

/** A served map as it is called. */
interface MapApi<K, V> extends Map<K, V> {
  /** All entries at a moment, in order. */
  Map<K, V> copy();
}
