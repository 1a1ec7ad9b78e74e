package dev.procession;

import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.interpreter.World;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An object for many tasks, which read it and do not change it: it is encoded once, lies in shared
 * memory, and is decoded once in each process that asks for it, however many tasks it is captured
 * by. What travels with each of them is only where it lies.
 *
 * {@snippet :
 * try (var index = Broadcast.of(readIndex());
 *     var pool = Pool.processes(4)) {
 *   var found = pool.map(word -> index.value().get(word), words);
 * }
 * }
 *
 * <p><b>Visibility.</b> Each process has a copy of its own, as the object was when it was
 * broadcast; in the process that has broadcast it, that is the object itself, and so it is for
 * threads of that process. Whoever changes it changes it for the tasks of that process. An
 * interpreter is like a process.
 *
 * <p><b>Ownership.</b> Who has broadcast it closes it; a process that has decoded it keeps it until
 * it ends, or gets another broadcast after that. Thread-safe.
 *
 * @param <T> type of the object
 */
public final class Broadcast<T> implements AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "constant";
  private static final long LENGTH = SharedObject.at(0);
  private static final long CONTENT = SharedObject.at(Long.BYTES);

  /** What has arrived in this process, by path: until the file is gone. */
  private static final Map<String, Broadcast<?>> ARRIVED = new ConcurrentHashMap<>();

  private final transient SharedHandle handle;
  private final transient ObjectMessages.@Nullable Encoded encoded;

  /** The world whose classes the object is of; null outside of all. */
  private final transient @Nullable World home;

  /** The object, once somebody has asked for it. Guarded by this. */
  private transient @Nullable T value;

  private Broadcast(
      SharedHandle handle, ObjectMessages.@Nullable Encoded encoded, @Nullable T value) {
    this.handle = handle;
    this.encoded = encoded;
    this.home = World.current();
    this.value = value;
  }

  /**
   * Broadcasts an object.
   *
   * @param <T> type of the object
   * @param object that can travel
   * @return what tasks capture; to be closed when no more of them begin
   * @throws dev.procession.channel.MessageNotSerializableException if it cannot travel
   * @throws java.io.UncheckedIOException if there is no room for it; nothing is left
   */
  public static <T> Broadcast<T> of(T object) {
    ObjectMessages.Encoded encoded = ObjectMessages.encode(object);
    byte[] bytes = encoded.bytes();
    boolean made = false;
    try {
      SharedHandle handle = SharedHandle.create(WHAT, (long) Long.BYTES + bytes.length);
      SharedWords words = handle.words();
      MemorySegment.copy(bytes, 0, words.memory(), ValueLayout.JAVA_BYTE, CONTENT, bytes.length);
      words.setLong(LENGTH, bytes.length);
      Broadcast<T> broadcast = new Broadcast<>(handle, encoded, object);
      Broadcast<T> _ = handle.object().view(its -> broadcast); // what comes back is this
      made = true;
      return broadcast;
    } finally {
      if (!made) {
        encoded.free();
      }
    }
  }

  /**
   * Returns the object; who asks first in a process, or in an interpreter, decodes it.
   *
   * @return the object
   * @throws dev.procession.channel.MessageNotReadableException if it cannot be read here
   * @throws IllegalStateException if it was closed here
   */
  @SuppressWarnings("unchecked") // as it was broadcast
  public T value() {
    World here = World.current();
    T known =
        Objects.equals(here, home) ? valueAtHome() : (T) World.local(here, this, this::decode);
    if (handle.isClosed()) {
      throw new IllegalStateException("broadcast is closed: file=" + handle.path());
    }
    return known;
  }

  @SuppressWarnings("unchecked") // as it was broadcast
  private synchronized T valueAtHome() {
    T known = value;
    if (known == null) {
      known = (T) decode();
      value = known;
    }
    return known;
  }

  private Object decode() {
    SharedWords words = handle.words();
    byte[] bytes = new byte[Math.toIntExact(words.getLong(LENGTH))];
    MemorySegment.copy(words.memory(), ValueLayout.JAVA_BYTE, CONTENT, bytes, 0, bytes.length);
    return ObjectMessages.decode(bytes);
  }

  /** Ends it here; in the process that has broadcast it, no other gets it any more. Idempotent. */
  @Override
  public void close() {
    handle.close();
    if (encoded != null) {
      encoded.free();
    }
    ARRIVED.remove(handle.path(), this);
  }

  /** Where it lies. */
  @Override
  public String toString() {
    return "Broadcast[" + handle.path() + "]";
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  private Object writeReplace() {
    return new Handle(handle.reference());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      Broadcast<?> known = ARRIVED.get(path);
      if (known != null && !known.handle.isClosed()) {
        return known;
      }
      ARRIVED.keySet().removeIf(other -> !Files.exists(Path.of(other)));
      SharedHandle handle = SharedHandle.arrived(WHAT, path);
      Broadcast<?> seen = handle.object().view(its -> new Broadcast<>(handle, null, null));
      if (seen.encoded != null) {
        return seen; // it is of this process
      }
      Broadcast<?> arrived = seen.handle.isClosed() ? new Broadcast<>(handle, null, null) : seen;
      Broadcast<?> earlier = ARRIVED.putIfAbsent(path, arrived);
      return Objects.requireNonNullElse(earlier, arrived);
    }
  }
}
