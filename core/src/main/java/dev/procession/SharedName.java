package dev.procession;

import dev.procession.internal.channel.ObjectMessages;
import dev.procession.internal.segment.ByteCopy;
import dev.procession.internal.segment.NamedBlock;
import dev.procession.memory.SharedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A name under which other programs of this user, on this machine, find an object: a queue, a lock,
 * an end of a pipe, shared memory, or anything else that can travel.
 *
 * {@snippet :
 * try (var queue = ProcessQueue.<String>open();
 *     var name = SharedName.bind("jobs", queue)) {
 *   IO.println(queue.take());
 * }
 * // meanwhile, in a program that knows nothing but the name:
 * ProcessQueue<String> queue = SharedName.lookup("jobs", ProcessQueue.class);
 * queue.put("hi");
 * }
 *
 * <p><b>Life.</b> The name goes when it is closed, or its process ends in whatever way; after a
 * kill, at the next start of a worker by any program of the library. Whoever has looked it up has
 * the object for as long as that exists. Each lookup reads the object anew, as it was when it was
 * bound.
 *
 * <p>Names are those of {@link SharedMemory} behind the prefix {@value #PREFIX}. Thread-safe.
 */
public final class SharedName implements AutoCloseable {
  /** In front of the name, in the names of shared memory. */
  private static final String PREFIX = "bound-";

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final VarHandle LENGTH = WORD.varHandle();
  private static final long MAGIC = 0x50_72_6f_63_4e_61_6d_01L; // "ProcNam", version
  private static final long BYTES = 2L * Long.BYTES;

  private final String name;
  private final SharedMemory block;
  private final ObjectMessages.Encoded encoded;

  private SharedName(String name, SharedMemory block, ObjectMessages.Encoded encoded) {
    this.name = name;
    this.block = block;
    this.encoded = encoded;
  }

  /**
   * Binds a name to an object.
   *
   * @param name 1 to 240 bytes as UTF-8, no slash, no NUL
   * @param object that can travel
   * @return the name, to be closed
   * @throws IllegalArgumentException if the name cannot be one
   * @throws dev.procession.channel.MessageNotSerializableException if the object cannot travel
   * @throws java.io.UncheckedIOException if the name is bound, of a {@link
   *     java.nio.file.FileAlreadyExistsException}, or there is no room; nothing is left then
   */
  public static SharedName bind(String name, Object object) {
    ObjectMessages.Encoded encoded = ObjectMessages.encode(object);
    boolean bound = false;
    try {
      SharedMemory block = SharedMemory.create(PREFIX + name, BYTES + encoded.bytes().length);
      MemorySegment memory = block.segment();
      memory.set(WORD, 0, MAGIC);
      ByteCopy.copy(MemorySegment.ofArray(encoded.bytes()), memory.asSlice(BYTES));
      LENGTH.setRelease(memory, (long) Long.BYTES, (long) encoded.bytes().length);
      bound = true;
      return new SharedName(name, block, encoded);
    } finally {
      if (!bound) {
        encoded.free();
      }
    }
  }

  /**
   * Finds the object that a name is bound to.
   *
   * @param <T> what it shall be
   * @param name that a process has bound
   * @param type class of what it shall be
   * @return the object, as if it had arrived here by another road
   * @throws IllegalArgumentException if the name cannot be one
   * @throws ClassCastException if it is another
   * @throws IllegalStateException if what has that name is something else, not bound yet, or bound
   *     by another user
   * @throws dev.procession.channel.MessageNotReadableException if it cannot be read here, or is
   *     gone
   * @throws java.io.UncheckedIOException if the name is not bound, of a {@link
   *     java.nio.file.NoSuchFileException}
   */
  public static <T> T lookup(String name, Class<T> type) {
    byte[] bytes;
    requireOwn(name);
    try (SharedMemory block = SharedMemory.attach(PREFIX + name)) {
      MemorySegment memory = block.segment();
      long length =
          memory.byteSize() < BYTES ? 0 : (long) LENGTH.getAcquire(memory, (long) Long.BYTES);
      if (length <= 0 || length > memory.byteSize() - BYTES || memory.get(WORD, 0) != MAGIC) {
        throw new IllegalStateException("name is not bound to an object: name=" + name);
      }
      bytes = memory.asSlice(BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    }
    requireOwn(name); // still: what others own cannot have been there in between
    return type.cast(ObjectMessages.decode(bytes));
  }

  /** Refuses what another user has bound: it would be decoded here. */
  private static void requireOwn(String name) {
    try {
      if (!NamedBlock.isOwn(PREFIX + name)) {
        throw new IllegalStateException("name is bound by another user: name=" + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("name is not bound: name=" + name + ": " + e, e);
    }
  }

  /**
   * Returns the name.
   *
   * @return as it was bound
   */
  public String name() {
    return name;
  }

  /** Ends the name; the object is not affected. Idempotent. */
  @Override
  public void close() {
    block.close();
    encoded.free();
  }

  /** The name. */
  @Override
  public String toString() {
    return "SharedName[" + name + "]";
  }
}
