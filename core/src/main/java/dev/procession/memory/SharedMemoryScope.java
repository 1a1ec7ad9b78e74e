package dev.procession.memory;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Closes at its end whatever was opened through it, the last first: the names and files of what
 * this process has created go with it. Thread-safe.
 *
 * <p>Every method but {@link #close} throws {@link IllegalStateException} after it.
 *
 * {@snippet :
 * try (var scope = SharedMemoryScope.open()) {
 *   var block = scope.memory(1 << 20);
 *   var names = scope.list(List.of("one", "two"));
 *   var counts = scope.add(SharedArray.longs(2));
 * }
 * }
 */
public final class SharedMemoryScope implements AutoCloseable {
  /** Guarded by itself. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private boolean closed;

  private SharedMemoryScope() {}

  /**
   * Begins a scope.
   *
   * @return a scope without anything in it
   */
  public static SharedMemoryScope open() {
    return new SharedMemoryScope();
  }

  /**
   * Creates a block of zeros, like {@link SharedMemory#create(long)}.
   *
   * @param size in bytes; at least 1
   * @return the block
   */
  public SharedMemory memory(long size) {
    return memory(null, size);
  }

  /**
   * Creates a block of zeros, like {@link SharedMemory#create(String, long)}.
   *
   * @param name of it, or null for one that nothing else has
   * @param size in bytes; at least 1
   * @return the block
   */
  public SharedMemory memory(@Nullable String name, long size) {
    return add(SharedMemory.create(name, size));
  }

  /**
   * Creates a list, like {@link SharedList#open(Collection)}.
   *
   * @param elements of the list
   * @return the list
   */
  public SharedList list(Collection<? extends @Nullable Object> elements) {
    return add(SharedList.open(elements));
  }

  /**
   * Makes something else end with the scope: an array, a number, a lock, a pool.
   *
   * @param <T> its type
   * @param resource that is closed at the scope's end; at once, if that has been already
   * @return the same
   */
  public <T extends AutoCloseable> T add(T resource) {
    synchronized (opened) {
      if (!closed) {
        opened.push(resource);
        return resource;
      }
    }
    IllegalStateException ended = new IllegalStateException("scope is closed");
    close(resource, ended);
    throw ended;
  }

  /**
   * Closes everything, also if closing something fails. Idempotent.
   *
   * @throws IllegalStateException if something could not be closed; what each said is suppressed in
   *     it
   */
  @Override
  public void close() {
    IllegalStateException failed = new IllegalStateException("not everything could be closed");
    synchronized (opened) {
      closed = true;
      while (!opened.isEmpty()) {
        close(opened.pop(), failed);
      }
    }
    if (failed.getSuppressed().length > 0) {
      throw failed;
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the others are to be closed whatever this one does
  private static void close(AutoCloseable resource, IllegalStateException failed) {
    try {
      resource.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed.addSuppressed(e);
    } catch (Exception e) {
      failed.addSuppressed(e);
    }
  }
}
