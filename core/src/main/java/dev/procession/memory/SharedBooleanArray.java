package dev.procession.memory;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A {@code boolean} array that any processes read and change, see {@link SharedArray}. */
public final class SharedBooleanArray extends SharedArray {
  @Serial private static final long serialVersionUID = 1L;
  private static final VarHandle ELEMENT = ValueLayout.JAVA_BYTE.varHandle();

  SharedBooleanArray(Parts parts) {
    super(parts);
  }

  /**
   * Reads an element.
   *
   * @param index of the element
   * @return its value
   */
  public boolean get(int index) {
    return (byte) ELEMENT.getAcquire(segment(), offset(index)) != 0;
  }

  /**
   * Writes an element.
   *
   * @param index of the element
   * @param value its new value
   */
  public void set(int index, boolean value) {
    ELEMENT.setRelease(segment(), offset(index), (byte) (value ? 1 : 0));
  }

  /**
   * Copies a range of elements out.
   *
   * @param index of the first element
   * @param target where they go to
   * @param start index of the first in the target
   * @param count how many; zero or more
   * @throws IndexOutOfBoundsException if either array is too short for it; nothing is copied
   */
  public void read(int index, boolean[] target, int start, int count) {
    long from = offset(index, count);
    int first = Objects.checkFromIndexSize(start, count, target.length);
    MemorySegment elements = segment();
    for (int i = 0; i < count; i++) {
      target[first + i] = elements.get(ValueLayout.JAVA_BYTE, from + i) != 0;
    }
  }

  /**
   * Copies a range of elements in.
   *
   * @param index of the first element
   * @param source where they come from
   * @param start index of the first in the source
   * @param count how many; zero or more
   * @throws IndexOutOfBoundsException if either array is too short for it; nothing is copied
   */
  public void write(int index, boolean[] source, int start, int count) {
    long to = offset(index, count);
    int first = Objects.checkFromIndexSize(start, count, source.length);
    MemorySegment elements = segment();
    for (int i = 0; i < count; i++) {
      elements.set(ValueLayout.JAVA_BYTE, to + i, (byte) (source[first + i] ? 1 : 0));
    }
  }

  /**
   * Copies all elements.
   *
   * @return an array of this process's own
   */
  public boolean[] toArray() {
    return toArray(0, length());
  }

  /**
   * Copies a range of elements.
   *
   * @param from index of the first
   * @param to index after the last
   * @return an array of this process's own
   */
  public boolean[] toArray(int from, int to) {
    boolean[] copy = new boolean[to - Objects.checkFromToIndex(from, to, length())];
    read(from, copy, 0, copy.length);
    return copy;
  }

  /**
   * Copies it into shared memory of its own, with a lock of its own.
   *
   * @return an array with the same elements
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public SharedBooleanArray copy() {
    return ofBooleans(toArray());
  }

  /**
   * Writes all elements.
   *
   * @param value their new value
   */
  public void fill(boolean value) {
    MemorySegment _ = segment().fill((byte) (value ? 1 : 0));
  }

  /**
   * The elements, each read when the stream comes to it.
   *
   * @return a stream of them, in their order
   */
  public Stream<Boolean> stream() {
    return IntStream.range(0, length()).mapToObj(this::get);
  }
}
