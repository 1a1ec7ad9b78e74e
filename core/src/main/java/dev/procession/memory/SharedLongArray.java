package dev.procession.memory;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A {@code long} array that any processes read and change, see {@link SharedArray}. */
public final class SharedLongArray extends SharedArray {
  @Serial private static final long serialVersionUID = 1L;
  private static final VarHandle ELEMENT = ValueLayout.JAVA_LONG.varHandle();

  SharedLongArray(Parts parts) {
    super(parts);
  }

  /**
   * Reads an element.
   *
   * @param index of the element
   * @return its value
   */
  public long get(int index) {
    return (long) ELEMENT.getAcquire(segment(), offset(index));
  }

  /**
   * Writes an element.
   *
   * @param index of the element
   * @param value its new value
   */
  public void set(int index, long value) {
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
  public void read(int index, long[] target, int start, int count) {
    long from = offset(index, count);
    int first = Objects.checkFromIndexSize(start, count, target.length);
    MemorySegment.copy(segment(), ValueLayout.JAVA_LONG, from, target, first, count);
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
  public void write(int index, long[] source, int start, int count) {
    long to = offset(index, count);
    int first = Objects.checkFromIndexSize(start, count, source.length);
    MemorySegment.copy(source, first, segment(), ValueLayout.JAVA_LONG, to, count);
  }

  /**
   * Copies all elements.
   *
   * @return an array of this process's own
   */
  public long[] toArray() {
    return toArray(0, length());
  }

  /**
   * Copies a range of elements.
   *
   * @param from index of the first
   * @param to index after the last
   * @return an array of this process's own
   */
  public long[] toArray(int from, int to) {
    long[] copy = new long[to - Objects.checkFromToIndex(from, to, length())];
    read(from, copy, 0, copy.length);
    return copy;
  }

  /**
   * Copies it into shared memory of its own, with a lock of its own.
   *
   * @return an array with the same elements
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public SharedLongArray copy() {
    return ofLongs(toArray());
  }

  /**
   * Writes all elements.
   *
   * @param value their new value
   */
  public void fill(long value) {
    MemorySegment elements = segment();
    for (int i = 0; i < length(); i++) {
      elements.setAtIndex(ValueLayout.JAVA_LONG, i, value);
    }
  }

  /**
   * The elements, each read when the stream comes to it.
   *
   * @return a stream of them, in their order
   */
  public LongStream stream() {
    return IntStream.range(0, length()).mapToLong(this::get);
  }

  /**
   * Writes an element.
   *
   * @param index of the element
   * @param value its new value
   * @return its value before
   */
  public long getAndSet(int index, long value) {
    return (long) ELEMENT.getAndSet(segment(), offset(index), value);
  }

  /**
   * Writes an element if it has a value.
   *
   * @param index of the element
   * @param expected the value it has to have
   * @param value its new value
   * @return whether it had the one expected
   */
  public boolean compareAndSet(int index, long expected, long value) {
    return ELEMENT.compareAndSet(segment(), offset(index), expected, value);
  }

  /**
   * Writes an element if it has a value.
   *
   * @param index of the element
   * @param expected the value it has to have
   * @param value its new value
   * @return its value before, which is the one expected if it was written
   */
  public long compareAndExchange(int index, long expected, long value) {
    return (long) ELEMENT.compareAndExchange(segment(), offset(index), expected, value);
  }

  /**
   * Adds 1 to an element; beyond the largest value comes the smallest.
   *
   * @param index of the element
   * @return its value afterwards
   */
  public long incrementAndGet(int index) {
    return addAndGet(index, 1);
  }

  /**
   * Subtracts 1 from an element; beyond the smallest value comes the largest.
   *
   * @param index of the element
   * @return its value afterwards
   */
  public long decrementAndGet(int index) {
    return addAndGet(index, -1);
  }

  /**
   * Adds to an element; beyond the largest value comes the smallest.
   *
   * @param index of the element
   * @param added what is added
   * @return its value afterwards
   */
  public long addAndGet(int index, long added) {
    return getAndAdd(index, added) + added;
  }

  /**
   * Adds 1 to an element; beyond the largest value comes the smallest.
   *
   * @param index of the element
   * @return its value before
   */
  public long getAndIncrement(int index) {
    return getAndAdd(index, 1);
  }

  /**
   * Subtracts 1 from an element; beyond the smallest value comes the largest.
   *
   * @param index of the element
   * @return its value before
   */
  public long getAndDecrement(int index) {
    return getAndAdd(index, -1);
  }

  /**
   * Adds to an element; beyond the largest value comes the smallest.
   *
   * @param index of the element
   * @param added what is added
   * @return its value before
   */
  public long getAndAdd(int index, long added) {
    return (long) ELEMENT.getAndAdd(segment(), offset(index), added);
  }

  /**
   * Replaces an element by what a function makes of it.
   *
   * @param index of the element
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public long updateAndGet(int index, LongUnaryOperator update) {
    while (true) {
      long before = get(index);
      long after = update.applyAsLong(before);
      if (compareAndSet(index, before, after)) {
        return after;
      }
    }
  }

  /**
   * Replaces an element by what a function makes of it.
   *
   * @param index of the element
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value before
   */
  public long getAndUpdate(int index, LongUnaryOperator update) {
    while (true) {
      long before = get(index);
      if (compareAndSet(index, before, update.applyAsLong(before))) {
        return before;
      }
    }
  }

  /**
   * Replaces an element by what a function makes of it and another value.
   *
   * @param index of the element
   * @param other the function's second argument
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value afterwards
   */
  public long accumulateAndGet(int index, long other, LongBinaryOperator update) {
    return updateAndGet(index, before -> update.applyAsLong(before, other));
  }

  /**
   * Replaces an element by what a function makes of it and another value.
   *
   * @param index of the element
   * @param other the function's second argument
   * @param update runs here, and again when somebody came between: it should have no other effect
   * @return its value before
   */
  public long getAndAccumulate(int index, long other, LongBinaryOperator update) {
    return getAndUpdate(index, before -> update.applyAsLong(before, other));
  }
}
