package dev.procession.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;

/**
 * Where the components of a record are in memory: in their order, each at a multiple of its size,
 * the whole a multiple of 8 bytes.
 */
final class StructLayout<R extends Record> {
  private final Constructor<R> constructor;
  private final Method[] accessors;
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
    Class<?>[] types = new Class<?>[components.length];
    accessors = new Method[components.length];
    layouts = new ValueLayout[components.length];
    offsets = new long[components.length];
    long end = 0;
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      accessors[i] = components[i].getAccessor();
      layouts[i] = layout(components[i]);
      long width = layouts[i].byteSize();
      offsets[i] = (end + width - 1) / width * width;
      end = offsets[i] + width;
    }
    size = (int) (end + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    try {
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      for (Method accessor : accessors) {
        accessor.setAccessible(true);
      }
    } catch (NoSuchMethodException | InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          "record is in a module that is not open to dev.procession: class=" + type.getName(), e);
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
    for (int i = 0; i < accessors.length; i++) {
      Object component = component(value, i);
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

  private Object component(R value, int index) {
    try {
      return accessors[index].invoke(value);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "accessor of a record threw: " + accessors[index].getName(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("accessor was opened", e);
    }
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
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("constructor of a record threw", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record does not fit its class: " + constructor, e);
    }
  }
}
