package dev.procession.internal.manager;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that is served, in the order in which keys came. */
final class MapObject<K, V> extends LinkedHashMap<K, V> implements MapApi<K, V> {
  private static final long serialVersionUID = 1L;

  @Override
  public Map<K, V> copy() {
    return new LinkedHashMap<>(this);
  }
}
