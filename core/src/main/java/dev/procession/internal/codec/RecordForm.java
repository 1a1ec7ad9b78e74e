package dev.procession.internal.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** How the records of a class are taken apart and put together: by accessors and constructor. */
public final class RecordForm {
  private static final ClassValue<RecordForm> FORMS =
      new ClassValue<>() {
        @Override
        protected RecordForm computeValue(Class<?> type) {
          return new RecordForm(type);
        }
      };

  private final Method[] accessors;
  private final @Nullable Constructor<?> constructor;

  private RecordForm(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    accessors = new Method[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      accessors[i] = components[i].getAccessor();
    }
    constructor = open(type, types);
  }

  /** Of a class of records. */
  public static RecordForm of(Class<?> type) {
    return FORMS.get(type);
  }

  private @Nullable Constructor<?> open(Class<?> type, Class<?>[] types) {
    if (HandleForm.isReplaced(type) && !HandleForm.isOurs(type)) {
      return null;
    }
    try {
      Constructor<?> found = type.getDeclaredConstructor(types);
      found.setAccessible(true);
      for (Method accessor : accessors) {
        accessor.setAccessible(true);
      }
      return found;
    } catch (NoSuchMethodException | InaccessibleObjectException e) {
      return null; // in a module that is not open to us; serialization can, if it is Serializable
    }
  }

  /** Whether the class is in a module that is open to this, and has no form of its own. */
  public boolean isOpen() {
    return constructor != null;
  }

  /** How many components there are. */
  public int size() {
    return accessors.length;
  }

  /**
   * A component.
   *
   * @throws IllegalStateException if its accessor throws
   */
  public @Nullable Object component(Object value, int index) {
    try {
      return accessors[index].invoke(value);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(
          "accessor of a record threw: " + accessors[index].getName(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("accessor was opened", e);
    }
  }

  /**
   * A record.
   *
   * @throws NotDecodableException if its constructor throws, or has other parameters
   */
  @SuppressWarnings("AvoidObjectArrays") // as reflection wants them
  public Object create(@Nullable Object[] components) {
    if (constructor == null) {
      throw new NotDecodableException("record is in a module that is not open to dev.procession");
    }
    try {
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      throw new NotDecodableException("constructor of a record threw", e.getCause());
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new NotDecodableException("record does not fit its class: " + constructor, e);
    }
  }
}
