package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list of plain values that any processes read and change: {@code Long}, {@code Integer}, {@code
 * Double}, {@code Boolean}, {@code String}, {@code byte[]} and null. Its length is fixed, and so is
 * the room of each element; an element may be set to a value of another type that fits. It travels
 * by any road, and is the same list wherever it arrives.
 *
 * <p><b>Room.</b> 8 bytes for each element, or as many as its first value takes, rounded up to a
 * multiple of 8; a string takes the bytes of its UTF-8 form. A value that does not fit, or is of
 * another type, is an {@link IllegalArgumentException}, and leaves the old one. What is read is
 * what was set, to the last NUL; only half a surrogate pair, which UTF-8 has no form for, is
 * refused.
 *
 * <p><b>Threads and visibility.</b> Thread-safe. An element is read and set whole. Setting takes
 * its turn with all others who set; reading begins anew when the element is set meanwhile, and
 * after some tries takes its turn with them. A process that is killed while it sets an element
 * leaves the old one. What was done before an element was set is visible to who reads it.
 *
 * <p>A {@code byte[]} is a copy each time, so it is found by no {@code indexOf} and equal to none
 * from another reading. Methods that would change the length throw {@link
 * UnsupportedOperationException}; every other method throws {@link IllegalStateException} after
 * {@link #close}.
 */
public final class SharedList extends AbstractList<@Nullable Object>
    implements RandomAccess, AutoCloseable, Serializable {
  /*
   *  0   who is setting an element           8 bytes, see OwnedWord
   *  8   number of elements                  4 bytes, written once
   * 16   offset of each element's slot       8 bytes each, written once
   *
   * A slot, see VersionedSlots:
   *
   *  0   version                             8 bytes
   *  8   room in bytes, a multiple of 8      8 bytes, written once
   * 16   value while the version is even     type 4 bytes, length 4 bytes, then the room
   *  …   value while it is odd               likewise
   */
  @Serial private static final long serialVersionUID = 1L;
  private static final String WHAT = "list";
  private static final long SETTING = SharedObject.at(0);
  private static final long COUNT = SharedObject.at(8);
  private static final int SLOTS = 16;
  private static final int ROOM = 8;
  private static final int VALUES = 16;
  private static final int VALUE_HEAD = 8;

  private final transient SharedHandle handle;
  private final transient VersionedSlots slots;
  private final transient int size;

  private SharedList(SharedHandle handle) {
    this.handle = handle;
    this.slots = new VersionedSlots(handle, SETTING);
    this.size = handle.words().getInt(COUNT);
  }

  /**
   * Creates a list.
   *
   * @param elements at first; each has 8 bytes of room at least, or what it takes
   * @return the list; this process's end, or closing it here, is the end of it for all who have not
   *     got it by then
   * @throws IllegalArgumentException if there is one of another type
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedList open(Collection<? extends @Nullable Object> elements) {
    return open(elements, 0);
  }

  /**
   * Creates a list with room for longer values.
   *
   * @param elements at first
   * @param room of each element in bytes, at least; zero or more
   * @return the list, likewise
   * @throws IllegalArgumentException if there is an element of another type, or the room is
   *     negative
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static SharedList open(Collection<? extends @Nullable Object> elements, int room) {
    if (room < 0) {
      throw new IllegalArgumentException("negative: room=" + room);
    }
    List<ListValue> values = elements.stream().map(ListValue::of).toList();
    long end = SLOTS + 8L * values.size();
    long[] slots = new long[values.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = end;
      end += VALUES + 2 * (VALUE_HEAD + room(values.get(i), room));
    }
    SharedHandle handle = SharedHandle.create(WHAT, end);
    SharedWords words = handle.words();
    for (int i = 0; i < slots.length; i++) {
      long slot = SharedObject.at(slots[i]);
      words.setLongRelease(SharedObject.at(SLOTS + 8L * i), slot);
      words.setLongRelease(slot + ROOM, room(values.get(i), room));
      values.get(i).write(words, slot + VALUES);
    }
    words.setInt(COUNT, slots.length);
    return new SharedList(handle);
  }

  private static long room(ListValue value, int least) {
    return (Math.max(8L, Math.max(least, value.length())) + 7) / 8 * 8;
  }

  /** The offset of an element's slot. */
  private long slot(SharedWords words, int index) {
    return words.getLong(SharedObject.at(SLOTS + 8L * Objects.checkIndex(index, size)));
  }

  /** The offset of the value that a slot has with a version. */
  private static long value(long slot, long room, long version) {
    return slot + VALUES + (version & 1) * (VALUE_HEAD + room);
  }

  @Override
  public @Nullable Object get(int index) {
    SharedWords words = handle.words();
    long slot = slot(words, index);
    long room = words.getLong(slot + ROOM);
    return slots
        .read(slot, version -> ListValue.read(words, value(slot, room, version), room))
        .toObject();
  }

  /**
   * Sets an element.
   *
   * @param index of the element
   * @param element its new value
   * @return its value before
   * @throws IllegalArgumentException if the new value is of another type, or does not fit; with
   *     both sizes
   */
  @Override
  public @Nullable Object set(int index, @Nullable Object element) {
    SharedWords words = handle.words();
    long slot = slot(words, index);
    long room = words.getLong(slot + ROOM);
    ListValue value = ListValue.of(element);
    if (value.length() > room) {
      throw new IllegalArgumentException(
          "element does not fit: bytes=" + value.length() + ", room=" + room + ", index=" + index);
    }
    return slots
        .set(
            slot,
            version -> {
              ListValue before = ListValue.read(words, value(slot, room, version), room);
              value.write(words, value(slot, room, version + 1));
              return before;
            })
        .toObject();
  }

  /**
   * How many bytes a value of an element may take.
   *
   * @param index of the element
   * @return its room in bytes
   */
  public long room(int index) {
    SharedWords words = handle.words();
    return words.getLong(slot(words, index) + ROOM);
  }

  @Override
  public int size() {
    SharedWords _ = handle.words();
    return size;
  }

  /** Ends this handle; in the process that has created it, nobody gets it any more. Idempotent. */
  @Override
  public void close() {
    handle.close();
  }

  /** The elements. */
  @Override
  public String toString() {
    return handle.isClosed() ? "SharedList[closed]" : super.toString();
  }

  /** {@return what travels, by which it is found again} */
  @Serial
  private Object writeReplace() {
    return new Handle(handle.reference());
  }

  private record Handle(String path) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      SharedHandle handle = SharedHandle.arrived(WHAT, path);
      SharedWords words = handle.words();
      int count = words.getInt(COUNT);
      if (count < 0 || SharedObject.at(SLOTS + 8L * count) > words.memory().byteSize()) {
        throw new InvalidObjectException("list was overwritten: file=" + path);
      }
      return new SharedList(handle);
    }
  }
}
