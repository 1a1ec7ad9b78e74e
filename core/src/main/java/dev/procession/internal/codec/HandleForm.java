package dev.procession.internal.codec;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Handles of this library's own shared objects. Each replaces itself by a record, as in JDK
 * serialization, that becomes a handle again where it arrives; but a value that has one need not be
 * serialized by the JDK for that.
 */
final class HandleForm {
  private static final String OURS = "dev.procession.";
  private static final String REPLACE = "writeReplace";
  private static final String RESOLVE = "readResolve";

  /** How objects of our classes are replaced; looked up once for each class. */
  private record Replacing(@Nullable Method replace, @Nullable Method resolve) {}

  private static final ClassValue<Replacing> REPLACING =
      new ClassValue<>() {
        @Override
        protected Replacing computeValue(Class<?> type) {
          boolean ours = isOurs(type) && !type.isHidden();
          return ours ? new Replacing(open(type, REPLACE), open(type, RESOLVE)) : NOTHING;
        }
      };

  private static final Replacing NOTHING = new Replacing(null, null);

  private HandleForm() {}

  static boolean isOurs(Class<?> type) {
    return type.getName().startsWith(OURS);
  }

  private static @Nullable Method open(Class<?> type, String name) {
    Method method = find(type, name);
    if (method != null) {
      method.setAccessible(true);
    }
    return method;
  }

  /** The method of a class, or that it inherits. */
  private static @Nullable Method find(Class<?> type, String name) {
    try {
      return type.getDeclaredMethod(name);
    } catch (NoSuchMethodException e) {
      Class<?> parent = type.getSuperclass();
      return parent == null ? null : find(parent, name);
    }
  }

  /** Whether objects of a class are replaced on one side or the other by code of their own. */
  static boolean isReplaced(Class<?> type) {
    return find(type, REPLACE) != null || find(type, RESOLVE) != null;
  }

  static boolean isHandle(Object value) {
    return REPLACING.get(value.getClass()).replace() != null;
  }

  /**
   * What a handle travels as.
   *
   * @throws RuntimeException that the handle throws, as it is closed
   */
  static Object replacement(Object handle) {
    try {
      return call(REPLACING.get(handle.getClass()).replace(), handle);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException refusal
          ? refusal
          : new IllegalStateException(e.getCause());
    }
  }

  /**
   * The handle that a replacement becomes.
   *
   * @throws NotDecodableException if it is none, or what it stands for is gone
   */
  static Object resolve(Object replacement) {
    Method resolve = REPLACING.get(replacement.getClass()).resolve();
    if (resolve == null) {
      throw new NotDecodableException("not a handle: class=" + replacement.getClass().getName());
    }
    try {
      return call(resolve, replacement);
    } catch (InvocationTargetException e) {
      throw new NotDecodableException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e.getCause());
    }
  }

  private static Object call(@Nullable Method method, Object target)
      throws InvocationTargetException {
    if (method == null) {
      throw new IllegalArgumentException("not a handle: class=" + target.getClass().getName());
    }
    try {
      return method.invoke(target);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("method was opened", e);
    }
  }
}
