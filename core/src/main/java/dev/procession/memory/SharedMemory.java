package dev.procession.memory;

import dev.procession.internal.segment.NamedBlock;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A block of bytes with a name, that any process of this user may attach to; the bytes are the
 * users', without a head of ours. On Linux it is the same thing as a POSIX shared memory object,
 * and as Python's {@code multiprocessing.shared_memory.SharedMemory} of that name. With {@code
 * -Ddev.procession.folder} names are in that folder instead, where only programs with the same
 * option find them.
 *
 * <p><b>Life.</b> The name, and with it the way to attach, goes when the handle that has created it
 * is closed, or its process ends in whatever way, or somebody calls {@link #unlink}; never because
 * somebody goes who merely attached. Whoever has it mapped by then goes on with it. After a kill
 * the name goes at the next start of a worker by any Procession program.
 *
 * <p><b>Handles.</b> After {@link #close} the segment of a handle that was created or attached here
 * is unmapped: every access is an {@link IllegalStateException}. A handle that has arrived here, by
 * being captured or returned, need not be closed: its memory is unmapped when nothing refers to its
 * segment any more; closing it ends the handle, not a segment taken from it before.
 *
 * <p><b>Threads and visibility.</b> Thread-safe; the bytes are as visible as the accesses to the
 * segment make them, see {@link java.lang.invoke.VarHandle}, or a lock of {@link
 * dev.procession.sync}.
 *
 * <p><b>Strangers.</b> A block that is created here is allocated. One that somebody else has
 * created may be sparse, or be cut short later: an access to what is not there, as on a full file
 * system, is an {@link InternalError} at best. Python up to 3.12 removes the name of what it has
 * attached to when it ends; from 3.13 on, {@code track=False} keeps it from that.
 *
 * {@snippet :
 * try (var block = SharedMemory.create(1 << 30);
 *     var pool = Pool.processes(4)) {
 *   pool.map(n -> block.segment().asSlice(n << 20, 1 << 20).fill((byte) n), List.of(0L, 1L));
 * }
 * }
 */
public final class SharedMemory implements AutoCloseable, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient NamedBlock block;
  private final transient @Nullable Arena arena;
  private transient volatile boolean closed;

  private SharedMemory(NamedBlock block, @Nullable Arena arena) {
    this.block = block;
    this.arena = arena;
  }

  /**
   * Creates a block of zeros, with a name that nothing else has.
   *
   * @param size in bytes; at least 1
   * @return the block; its name goes when this handle is closed
   * @throws IllegalArgumentException if the size is not positive
   * @throws UncheckedIOException if there is no room for it
   */
  public static SharedMemory create(long size) {
    return create(null, size);
  }

  /**
   * Creates a block of zeros.
   *
   * @param name of it: 1 to 250 bytes as UTF-8, no slash, no NUL, not beginning with {@code
   *     procession-}; or null for one that nothing else has
   * @param size in bytes; at least 1
   * @return the block; its name goes when this handle is closed
   * @throws IllegalArgumentException if the name cannot be one, or the size is not positive
   * @throws UncheckedIOException if there is one of that name, of a {@link
   *     java.nio.file.FileAlreadyExistsException}, or no room for it; nothing is left then
   */
  public static SharedMemory create(@Nullable String name, long size) {
    if (size < 1) {
      throw new IllegalArgumentException("not positive: size=" + size);
    }
    return map(
        "cannot create shared memory: name=" + name + ", size=" + size,
        arena -> NamedBlock.create(name, size, arena));
  }

  /**
   * Attaches to a block.
   *
   * @param name of the block
   * @return another handle of the block; to be closed
   * @throws IllegalArgumentException if the name cannot be one
   * @throws UncheckedIOException if there is none of that name, of a {@link
   *     java.nio.file.NoSuchFileException}, or it cannot be mapped
   */
  public static SharedMemory attach(String name) {
    return map(
        "cannot attach to shared memory: name=" + name, arena -> NamedBlock.attach(name, arena));
  }

  private interface Mapper {
    NamedBlock map(Arena arena) throws IOException;
  }

  private static SharedMemory map(String what, Mapper mapper) {
    Arena arena = Arena.ofShared();
    boolean done = false;
    try {
      SharedMemory memory = new SharedMemory(mapper.map(arena), arena);
      done = true;
      return memory;
    } catch (IOException e) {
      throw new UncheckedIOException(what + ": " + e, e);
    } finally {
      if (!done) {
        arena.close();
      }
    }
  }

  /**
   * The bytes.
   *
   * @return all of them, exactly {@link #size}; may be used by any thread
   * @throws IllegalStateException after {@link #close}
   */
  public MemorySegment segment() {
    if (closed) {
      throw new IllegalStateException("shared memory is closed: name=" + name());
    }
    return block.memory();
  }

  /**
   * How many bytes it has.
   *
   * @return what it was created with; also after {@link #close}
   */
  public long size() {
    return block.memory().byteSize();
  }

  /**
   * Its name, for {@link #attach}, and for Python.
   *
   * @return the name that was given, or made; also after {@link #close}
   */
  public String name() {
    return block.name();
  }

  /**
   * Removes the name, so that nobody attaches any more; by whoever has a handle. Those who have it
   * mapped go on with it, and its memory is free when the last of them has let go of it, its
   * creator included. Idempotent: a name that is gone, or is another block's by now, is left alone.
   *
   * @throws UncheckedIOException if the system does not allow it
   */
  public void unlink() {
    try {
      block.unlink();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unlink shared memory: name=" + name() + ": " + e, e);
    }
  }

  /**
   * Ends this handle, and if it has created the block, removes the name. Idempotent.
   *
   * @throws IllegalStateException if the system is just reading or writing the segment for another
   *     thread; nothing has happened then, and it can be called again
   */
  @Override
  public void close() {
    synchronized (block) {
      if (!closed) {
        if (arena != null) {
          arena.close();
        }
        closed = true;
      }
    }
    if (block.owned() != null) {
      unlink();
    }
  }

  /** Its name and size. */
  @Override
  public String toString() {
    return "SharedMemory[name=" + name() + ", size=" + size() + (closed ? ", closed]" : "]");
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  private Object writeReplace() {
    return new Handle(block.path().toString(), segment().byteSize());
  }

  private record Handle(String path, long size) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      try {
        NamedBlock block = Arrived.at(Path.of(path));
        if (block.memory().byteSize() != size) {
          throw new InvalidObjectException(
              "shared memory was cut short, or is another block: file="
                  + path
                  + ", size="
                  + block.memory().byteSize()
                  + ", sent="
                  + size);
        }
        return new SharedMemory(block, null);
      } catch (InvalidObjectException e) {
        throw e;
      } catch (IOException e) {
        InvalidObjectException gone =
            new InvalidObjectException(
                "shared memory cannot be attached: its creator has closed it, or has ended: " + e);
        gone.initCause(e);
        throw gone;
      }
    }
  }
}
