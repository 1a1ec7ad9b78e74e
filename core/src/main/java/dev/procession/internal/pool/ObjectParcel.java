package dev.procession.internal.pool;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Values as they are, for workers in this process. */
final class ObjectParcel implements Parcel {
  private final @Nullable Object[] values;

  private ObjectParcel(@Nullable Object[] values) {
    this.values = values;
  }

  @Nullable Object value(int index) {
    return values[index];
  }

  @Override
  public int count() {
    return values.length;
  }

  @Override
  public int bytes(int from, int to) {
    return 0;
  }

  @Override
  public void discard(int index) {
    values[index] = null; // so that it is not kept for as long as those beside it
  }

  /** Collects values. */
  static final class ObjectPacker implements Packer {
    private @Nullable Object[] values = new Object[1];
    private int count;

    @Override
    public void add(@Nullable Object value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public Parcel take() {
      ObjectParcel parcel = new ObjectParcel(Arrays.copyOf(values, count));
      Arrays.fill(values, 0, count, null);
      count = 0;
      return parcel;
    }
  }
}
