package dev.procession.internal.manager;

import dev.procession.manager.ServedMap;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A served map as others hold it. */
final class RemoteMap<K, V> extends AbstractMap<K, V> implements ServedMap<K, V>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient MapApi<K, V> its;

  RemoteMap(MapApi<K, V> its) {
    this.its = its;
  }

  @Serial
  private Object writeReplace() {
    return Stub.handleOf(this, its);
  }

  @Override
  public int size() {
    return its.size();
  }

  @Override
  public boolean isEmpty() {
    return its.isEmpty();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return its.containsKey(key);
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    return its.containsValue(value);
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    return its.get(key);
  }

  @Override
  public V getOrDefault(@Nullable Object key, V otherwise) {
    return its.getOrDefault(key, otherwise);
  }

  @Override
  public @Nullable V put(K key, V value) {
    return its.put(key, value);
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> entries) {
    its.putAll(new LinkedHashMap<>(entries)); // which may be in an order that cannot travel
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return its.putIfAbsent(key, value);
  }

  @Override
  public @Nullable V remove(@Nullable Object key) {
    return its.remove(key);
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    return its.remove(key, value);
  }

  @Override
  public @Nullable V replace(K key, V value) {
    return its.replace(key, value);
  }

  @Override
  public boolean replace(K key, V before, V value) {
    return its.replace(key, before, value);
  }

  @Override
  public void clear() {
    its.clear();
  }

  // functions: there, if they can travel

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    if (function instanceof Serializable) {
      return its.compute(key, function);
    }
    V computed = new Here().compute(key, function);
    if (computed == null) {
      boolean _ = its.remove(key, null); // which that takes for no value
    }
    return computed;
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    return function instanceof Serializable
        ? its.computeIfPresent(key, function)
        : new Here().computeIfPresent(key, function);
  }

  @Override
  public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
    return function instanceof Serializable
        ? its.computeIfAbsent(key, function)
        : new Here().computeIfAbsent(key, function);
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    return function instanceof Serializable
        ? its.merge(key, value, function)
        : new Here().merge(key, value, function);
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    if (function instanceof Serializable) {
      its.replaceAll(function);
    } else {
      new Here().replaceAll(function);
    }
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> action) {
    its.copy().forEach(action);
  }

  /** Applies functions in this process to copies, as a concurrent map does. */
  private final class Here extends AbstractMap<K, V> implements ConcurrentMap<K, V> {
    @Override
    public Set<Map.Entry<K, V>> entrySet() {
      return RemoteMap.this.entrySet();
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
      its.copy().forEach(action);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
      return its.containsKey(key);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
      return its.get(key);
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
      return its.putIfAbsent(key, value);
    }

    @Override
    public @Nullable V replace(K key, V value) {
      return its.replace(key, value);
    }

    @Override
    public boolean replace(K key, V before, V value) {
      return its.replaceCopied(key, before, value);
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object before) {
      return its.removeCopied(key, before);
    }
  }

  // views

  @Override
  public Set<K> keySet() {
    return new Keys();
  }

  private final class Keys extends AbstractSet<K> {
    @Override
    public int size() {
      return its.size();
    }

    @Override
    public void clear() {
      its.clear();
    }

    @Override
    public boolean contains(@Nullable Object key) {
      return its.containsKey(key);
    }

    @Override
    public boolean remove(@Nullable Object key) {
      return its.removeKey(key);
    }

    @Override
    public Iterator<K> iterator() {
      return new CopyIterator<>(its.copy().keySet().iterator(), its::remove);
    }

    @Override
    public Spliterator<K> spliterator() {
      return its.copy().keySet().spliterator();
    }
  }

  @Override
  public Collection<V> values() {
    return new Values();
  }

  private final class Values extends AbstractCollection<V> {
    @Override
    public int size() {
      return its.size();
    }

    @Override
    public void clear() {
      its.clear();
    }

    @Override
    public boolean contains(@Nullable Object value) {
      return its.containsValue(value);
    }

    @Override
    public Iterator<V> iterator() {
      Iterator<Map.Entry<K, V>> entries = entrySet().iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return entries.hasNext();
        }

        @Override
        public V next() {
          return entries.next().getValue();
        }

        @Override
        public void remove() {
          entries.remove();
        }
      };
    }

    /** Removes those that are as they were when they were tested. */
    @Override
    public boolean removeIf(Predicate<? super V> filter) {
      return entrySet().removeIf(entry -> filter.test(entry.getValue()));
    }

    @Override
    public Spliterator<V> spliterator() {
      return its.copy().values().spliterator();
    }
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new Entries();
  }

  private final class Entries extends AbstractSet<Map.Entry<K, V>> {
    @Override
    public int size() {
      return its.size();
    }

    @Override
    public void clear() {
      its.clear();
    }

    @Override
    public boolean contains(@Nullable Object object) {
      return object instanceof Map.Entry<?, ?> entry
          && Objects.equals(its.get(entry.getKey()), entry.getValue())
          && (entry.getValue() != null || its.containsKey(entry.getKey()));
    }

    @Override
    public boolean remove(@Nullable Object object) {
      return object instanceof Map.Entry<?, ?> entry
          && its.remove(entry.getKey(), entry.getValue());
    }

    /** Removes those that are as they were when they were tested. */
    @Override
    public boolean removeIf(Predicate<? super Map.Entry<K, V>> filter) {
      boolean removed = false;
      for (Map.Entry<K, V> entry : its.copy().entrySet()) {
        removed |= filter.test(entry) && its.remove(entry.getKey(), entry.getValue());
      }
      return removed;
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
      Iterator<Map.Entry<K, V>> copies = its.copy().entrySet().iterator();
      return new CopyIterator<>(copies, entry -> its.remove(entry.getKey())) {
        @Override
        public Map.Entry<K, V> next() {
          return new WritingEntry(super.next());
        }
      };
    }

    @Override
    public Spliterator<Map.Entry<K, V>> spliterator() {
      List<Map.Entry<K, V>> entries = new ArrayList<>();
      iterator().forEachRemaining(entries::add);
      return Spliterators.spliterator(entries, Spliterator.DISTINCT);
    }
  }

  /** An entry that was copied; a value that is set there is put into the map. */
  private final class WritingEntry extends SimpleEntry<K, V> {
    private static final long serialVersionUID = 1L;

    WritingEntry(Map.Entry<K, V> entry) {
      super(entry);
    }

    @Override
    public V setValue(V value) {
      its.put(getKey(), value);
      return super.setValue(value);
    }

    @Serial
    private Object writeReplace() {
      return new SimpleEntry<>(this);
    }
  }

  // the content

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || (other instanceof Map<?, ?> map && its.copy().equals(map));
  }

  @Override
  public int hashCode() {
    return its.copy().hashCode();
  }

  @Override
  public String toString() {
    return its.copy().toString();
  }
}
