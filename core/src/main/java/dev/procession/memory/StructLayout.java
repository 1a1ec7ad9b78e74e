package dev.procession.memory;

import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.codec.RecordForm;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.RecordComponent;
import java.util.Objects;

/**
 * Where the components of a record are in memory: in their order, each at a multiple of its size,
 * the whole a multiple of 8 bytes.
 */
final class StructLayout<R extends Record> {
  private final Class<R> type;
  private final RecordForm form;
  private final ValueLayout[] layouts;
  private final long[] offsets;
  private final int size;

  /**
   * Lays out a record.
   *
   * @throws IllegalArgumentException if a component is no primitive, or the class is in a module
   *     that is not open to this one
   */
  StructLayout(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    this.type = type;
    this.form = RecordForm.of(type);
    layouts = new ValueLayout[components.length];
    offsets = new long[components.length];
    long end = 0;
    for (int i = 0; i < components.length; i++) {
      layouts[i] = layout(components[i]);
      long width = layouts[i].byteSize();
      offsets[i] = (end + width - 1) / width * width;
      end = offsets[i] + width;
    }
    size = (int) (end + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    if (!form.isOpen()) {
      throw new IllegalArgumentException(
          "record is in a module that is not open to dev.procession: class=" + type.getName());
    }
  }

  private static ValueLayout layout(RecordComponent component) {
    return switch (component.getType().getName()) {
      case "int" -> ValueLayout.JAVA_INT;
      case "long" -> ValueLayout.JAVA_LONG;
      case "double" -> ValueLayout.JAVA_DOUBLE;
      case "float" -> ValueLayout.JAVA_FLOAT;
      case "short" -> ValueLayout.JAVA_SHORT;
      case "char" -> ValueLayout.JAVA_CHAR;
      case "byte" -> ValueLayout.JAVA_BYTE;
      case "boolean" -> ValueLayout.JAVA_BOOLEAN;
      default ->
          throw new IllegalArgumentException(
              "component is no primitive: class="
                  + component.getDeclaringRecord().getName()
                  + ", component="
                  + component);
    };
  }

  /** In bytes, a multiple of 8. */
  int size() {
    return size;
  }

  /** A record as bytes. */
  MemorySegment encode(R value) {
    MemorySegment bytes = MemorySegment.ofArray(new long[size / Long.BYTES]);
    for (int i = 0; i < layouts.length; i++) {
      Object component = Objects.requireNonNull(form.component(value, i));
      long offset = offsets[i];
      switch (layouts[i]) {
        case ValueLayout.OfInt layout -> bytes.set(layout, offset, (int) component);
        case ValueLayout.OfLong layout -> bytes.set(layout, offset, (long) component);
        case ValueLayout.OfDouble layout -> bytes.set(layout, offset, (double) component);
        case ValueLayout.OfFloat layout -> bytes.set(layout, offset, (float) component);
        case ValueLayout.OfShort layout -> bytes.set(layout, offset, (short) component);
        case ValueLayout.OfChar layout -> bytes.set(layout, offset, (char) component);
        case ValueLayout.OfByte layout -> bytes.set(layout, offset, (byte) component);
        case ValueLayout.OfBoolean layout -> bytes.set(layout, offset, (boolean) component);
        default -> throw new IllegalStateException("no layout of ours: " + layouts[i]);
      }
    }
    return bytes;
  }

  /** A record from bytes. */
  R decode(MemorySegment bytes) {
    Object[] components = new Object[layouts.length];
    for (int i = 0; i < layouts.length; i++) {
      long offset = offsets[i];
      components[i] =
          switch (layouts[i]) {
            case ValueLayout.OfInt layout -> bytes.get(layout, offset);
            case ValueLayout.OfLong layout -> bytes.get(layout, offset);
            case ValueLayout.OfDouble layout -> bytes.get(layout, offset);
            case ValueLayout.OfFloat layout -> bytes.get(layout, offset);
            case ValueLayout.OfShort layout -> bytes.get(layout, offset);
            case ValueLayout.OfChar layout -> bytes.get(layout, offset);
            case ValueLayout.OfByte layout -> bytes.get(layout, offset);
            case ValueLayout.OfBoolean layout -> bytes.get(layout, offset);
            default -> throw new IllegalStateException("no layout of ours: " + layouts[i]);
          };
    }
    try {
      return type.cast(form.create(components));
    } catch (NotDecodableException e) {
      throw new IllegalStateException(e.getMessage(), e.getCause());
    }
  }
}
