package dev.procession.internal.shared;

import dev.procession.internal.os.Os;
import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedFile;
import dev.procession.internal.segment.SharedWords;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object in memory that any process of this user may share: a file of its own.
 *
 * <pre>
 *    0 ┌────────────────────────────────────┐
 *      │ magic, version of this layout      │ 8 bytes
 *    8 │ kind: what the body is             │ 8 bytes, ASCII, filled with zeros
 *   16 │ size of the file                   │ 8 bytes
 *   24 │ Os.name() of the creator           │ 8 bytes, ASCII, filled with zeros
 *   32 │ Os.pidScope() of the creator, hash │ 8 bytes
 *  128 ├────────────────────────────────────┤
 *      │ body                               │
 *      └────────────────────────────────────┘
 * </pre>
 *
 * <p>Processes that share it are of one {@link Os} and see the same pids: on that depends what says
 * whether one lives. Containers may share the folder and not the pids.
 *
 * <p>The process that creates it removes the file: when it closes the object, or ends, or by the
 * sweep after it was killed. Whoever has it mapped goes on with it; nobody can attach any more. The
 * memory is given back when the last process has let go of it, which in a process is when nothing
 * there refers to it any more. Thread-safe.
 */
public final class SharedObject {
  private static final long MAGIC = 0x50_72_6f_63_4f_62_6a_01L; // "ProcObj", version
  private static final int KIND = 8;
  private static final int SIZE = 16;
  private static final int PLATFORM = 24;
  private static final int SCOPE = 32;
  private static final int BODY = 128;

  /** What this process has mapped, by path; once, however many handles it has. */
  private static final Map<Path, WeakReference<SharedObject>> MAPPED = new HashMap<>();

  private final Path path;
  private final SharedWords words;
  private final Map<Long, ReentrantLock> waitingRooms = new ConcurrentHashMap<>();
  private @Nullable Object view;

  /** Also for tests, with words that fail. */
  SharedObject(Path path, SharedWords words) {
    this.path = path;
    this.words = words;
  }

  /**
   * Creates an object whose body is all zeros.
   *
   * @param kind up to 8 letters
   * @throws IOException when there is no room for it; nothing is left
   */
  public static SharedObject create(String kind, long bodySize) throws IOException {
    long size = Math.addExact(BODY, bodySize);
    Path path = Segment.createFile(kind, head(kind, size), size);
    boolean mapped = false;
    try {
      SharedObject object = map(path);
      mapped = true;
      synchronized (MAPPED) {
        MAPPED.put(path, new WeakReference<>(object));
      }
      return object;
    } finally {
      if (!mapped) {
        SharedFile.delete(path);
      }
    }
  }

  private static byte[] head(String kind, long size) {
    ByteBuffer head = ByteBuffer.allocate(BODY).order(ByteOrder.nativeOrder());
    return head.putLong(0, MAGIC)
        .putLong(KIND, kindWord(kind))
        .putLong(SIZE, size)
        .putLong(PLATFORM, platform())
        .putLong(SCOPE, scope())
        .array();
  }

  private static long platform() {
    return kindWord(Os.current().name());
  }

  private static long scope() {
    return Os.current().pidScope().hashCode();
  }

  private static long kindWord(String kind) {
    long word = 0;
    for (int i = 0; i < kind.length(); i++) {
      word |= (long) (kind.charAt(i) & 0x7F) << (8 * i);
    }
    return word;
  }

  /**
   * Attaches to an object that a process has created.
   *
   * @throws java.nio.file.NoSuchFileException if there is none any more
   * @throws IOException if the file is something else, or cut short
   */
  public static SharedObject attach(String kind, Path path) throws IOException {
    synchronized (MAPPED) {
      MAPPED.values().removeIf(reference -> reference.refersTo(null));
      WeakReference<SharedObject> reference = MAPPED.get(path);
      SharedObject known = reference == null ? null : reference.get();
      if (known == null) {
        known = map(path);
      }
      known.check(kind);
      MAPPED.put(path, new WeakReference<>(known));
      return known;
    }
  }

  private static SharedObject map(Path path) throws IOException {
    MemorySegment memory = Segment.map(path, Arena.ofAuto());
    return new SharedObject(path, new SharedWords(memory));
  }

  private void check(String kind) throws IOException {
    long size = words.memory().byteSize();
    if (size < BODY
        || words.getLong(0) != MAGIC
        || words.getLong(KIND) != kindWord(kind)
        || words.getLong(SIZE) != size) {
      throw new IOException("file is no shared " + kind + ", or cut short: file=" + path);
    }
    if (words.getLong(PLATFORM) != platform()) {
      throw new IOException(
          "shared " + kind + " is of a process with another " + Os.PROPERTY + ": file=" + path);
    }
    if (words.getLong(SCOPE) != scope()) {
      throw new IOException(
          "shared " + kind + " is of a container whose processes are not seen here: file=" + path);
    }
  }

  public Path path() {
    return path;
  }

  public SharedWords words() {
    return words;
  }

  /** Offset in the words of something in the body. */
  public static long at(long bodyOffset) {
    return BODY + bodyOffset;
  }

  /** Of this process's threads, only one at a time sleeps on a word that is owned; this has it. */
  ReentrantLock waitingRoom(long offset) {
    return waitingRooms.computeIfAbsent(offset, added -> new ReentrantLock());
  }

  /** This process's only view of the object, made by who first wants it; its kind says of what. */
  @SuppressWarnings("unchecked") // an object of a kind has views of one class
  public synchronized <V> V view(Function<SharedObject, V> maker) {
    Object known = view;
    if (known == null) {
      known = maker.apply(this);
      view = known;
    }
    return (V) known;
  }

  /** Removes the file, so that nobody attaches any more. Idempotent. */
  public void unlink() {
    SharedFile.delete(path);
  }
}
