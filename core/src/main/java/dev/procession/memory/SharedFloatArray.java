package dev.procession.memory;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A {@code float} array that any processes read and change, see {@link SharedArray}. */
public final class SharedFloatArray extends SharedArray {
  @Serial private static final long serialVersionUID = 1L;
  private static final VarHandle ELEMENT = ValueLayout.JAVA_FLOAT.varHandle();

  SharedFloatArray(Parts parts) {
    super(parts);
  }

  /**
   * Reads an element.
   *
   * @param index of the element
   * @return its value
   */
  public float get(int index) {
    return (float) ELEMENT.getAcquire(segment(), offset(index));
  }

  /**
   * Writes an element.
   *
   * @param index of the element
   * @param value its new value
   */
  public void set(int index, float value) {
    ELEMENT.setRelease(segment(), offset(index), value);
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
  public void read(int index, float[] target, int start, int count) {
    long from = offset(index, count);
    int first = Objects.checkFromIndexSize(start, count, target.length);
    MemorySegment.copy(segment(), ValueLayout.JAVA_FLOAT, from, target, first, count);
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
  public void write(int index, float[] source, int start, int count) {
    long to = offset(index, count);
    int first = Objects.checkFromIndexSize(start, count, source.length);
    MemorySegment.copy(source, first, segment(), ValueLayout.JAVA_FLOAT, to, count);
  }

  /**
   * Copies all elements.
   *
   * @return an array of this process's own
   */
  public float[] toArray() {
    return toArray(0, length());
  }

  /**
   * Copies a range of elements.
   *
   * @param from index of the first
   * @param to index after the last
   * @return an array of this process's own
   */
  public float[] toArray(int from, int to) {
    float[] copy = new float[to - Objects.checkFromToIndex(from, to, length())];
    read(from, copy, 0, copy.length);
    return copy;
  }

  /**
   * Copies it into shared memory of its own, with a lock of its own.
   *
   * @return an array with the same elements
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public SharedFloatArray copy() {
    return ofFloats(toArray());
  }

  /**
   * Writes all elements.
   *
   * @param value their new value
   */
  public void fill(float value) {
    MemorySegment elements = segment();
    for (int i = 0; i < length(); i++) {
      elements.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  /**
   * The elements, each read when the stream comes to it.
   *
   * @return a stream of them, in their order
   */
  public DoubleStream stream() {
    return IntStream.range(0, length()).mapToDouble(this::get);
  }
}
