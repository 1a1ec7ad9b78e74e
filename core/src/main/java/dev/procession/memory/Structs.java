package dev.procession.memory;

import dev.procession.internal.segment.ByteCopy;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Records of primitives in shared memory, read and set whole.
 *
 * <pre>
 *    0  who is setting one                   8 bytes, see OwnedWord
 *    8  number of them                       4 bytes, written once
 *   12  bytes of each                        4 bytes, written once
 *   64  for each: version                    8 bytes, how often it was set
 *                 value while it is even     its bytes
 *                 value while it is odd      its bytes
 * </pre>
 *
 * See {@link VersionedSlots}.
 */
final class Structs<R extends Record> {
  static final String WHAT = "struct";
  private static final long SETTING = SharedObject.at(0);
  private static final long COUNT = SharedObject.at(8);
  private static final long WIDTH = SharedObject.at(12);
  private static final int STRUCTS = 64;

  private final Class<R> type;
  private final StructLayout<R> layout;
  private final SharedHandle handle;
  private final VersionedSlots slots;
  private final int count;

  private Structs(Class<R> type, StructLayout<R> layout, SharedHandle handle) {
    this.type = type;
    this.layout = layout;
    this.handle = handle;
    this.slots = new VersionedSlots(handle, SETTING);
    this.count = handle.words().getInt(COUNT);
  }

  static <R extends Record> Structs<R> create(Class<R> type, int count) {
    StructLayout<R> layout = new StructLayout<>(type);
    SharedHandle handle =
        SharedHandle.create(WHAT, STRUCTS + (long) count * slotSize(layout.size()));
    handle.words().setInt(WIDTH, layout.size());
    handle.words().setInt(COUNT, count);
    return new Structs<>(type, layout, handle);
  }

  static <R extends Record> Structs<R> arrived(R[] none, String path)
      throws InvalidObjectException {
    @SuppressWarnings("unchecked") // an array's component type, and a record has no subclasses
    Class<R> type = (Class<R>) none.getClass().getComponentType();
    StructLayout<R> layout = new StructLayout<>(type);
    SharedHandle handle = SharedHandle.arrived(WHAT, path);
    if (handle.words().getInt(WIDTH) != layout.size()) {
      throw new InvalidObjectException(
          "record is another one here than where it was opened: class=" + type.getName());
    }
    Structs<R> structs = new Structs<>(type, layout, handle);
    if (handle.words().memory().byteSize() != structs.end()) {
      throw new InvalidObjectException("struct was overwritten: file=" + path);
    }
    return structs;
  }

  private static int slotSize(int width) {
    return Long.BYTES + 2 * width;
  }

  SharedHandle handle() {
    return handle;
  }

  /** An empty array of the record, as which its class travels. */
  @SuppressWarnings("unchecked") // it is an array of the record
  R[] none() {
    return (R[]) Array.newInstance(type, 0);
  }

  int count() {
    return count;
  }

  private long slot(int index) {
    int width = slotSize(layout.size());
    return SharedObject.at(STRUCTS) + (long) Objects.checkIndex(index, count) * width;
  }

  /** The offset after the last one. */
  private long end() {
    return SharedObject.at(STRUCTS) + (long) count * slotSize(layout.size());
  }

  private MemorySegment value(SharedWords words, long slot, long version) {
    long offset = slot + Long.BYTES + (version & 1) * layout.size();
    return words.memory().asSlice(offset, layout.size());
  }

  R get(int index) {
    return layout.decode(read(slot(index)).bytes());
  }

  private record Read(long version, MemorySegment bytes) {}

  private Read read(long slot) {
    SharedWords words = handle.words();
    MemorySegment bytes = MemorySegment.ofArray(new long[layout.size() / Long.BYTES]);
    return slots.read(
        slot,
        version -> {
          ByteCopy.copy(value(words, slot, version), bytes);
          return new Read(version, bytes);
        });
  }

  void set(int index, R value) {
    long slot = slot(index);
    MemorySegment bytes = layout.encode(value);
    boolean _ =
        slots.set(
            slot,
            version -> {
              write(slot, version, bytes);
              return true;
            });
  }

  private void write(long slot, long version, MemorySegment bytes) {
    ByteCopy.copy(bytes, value(handle.words(), slot, version + 1));
  }

  /** The update runs without anything being held, and again if somebody came between. */
  R updateAndGet(int index, UnaryOperator<R> update) {
    long slot = slot(index);
    while (true) {
      Read before = read(slot);
      R after = update.apply(layout.decode(before.bytes()));
      MemorySegment bytes = layout.encode(after);
      if (slots.setIf(slot, before.version(), version -> write(slot, version, bytes))) {
        return after;
      }
    }
  }
}
