package dev.procession.internal.codec;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Handles of this library's own shared objects. Each replaces itself by a record, as in JDK
 * serialization, that becomes a handle again where it arrives; but a value that has one need not be
 * serialized by the JDK for that.
 */
final class HandleForm {
  private static final String OURS = "dev.procession.";
  private static final String REPLACE = "writeReplace";
  private static final String RESOLVE = "readResolve";

  private static final ClassValue<Boolean> IS_HANDLE =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isOurs(type) && !type.isHidden() && declares(type, REPLACE);
        }
      };

  private HandleForm() {}

  static boolean isOurs(Class<?> type) {
    return type.getName().startsWith(OURS);
  }

  private static boolean declares(Class<?> type, String method) {
    try {
      Method _ = type.getDeclaredMethod(method);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** Whether objects of a class are replaced on one side or the other by code of their own. */
  static boolean isReplaced(Class<?> type) {
    return declares(type, REPLACE) || declares(type, RESOLVE);
  }

  static boolean isHandle(Object value) {
    return IS_HANDLE.get(value.getClass());
  }

  /**
   * What a handle travels as.
   *
   * @throws RuntimeException that the handle throws, as it is closed
   */
  static Object replacement(Object handle) {
    try {
      return call(handle, REPLACE);
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
    if (!isOurs(replacement.getClass()) || !declares(replacement.getClass(), RESOLVE)) {
      throw new NotDecodableException("not a handle: class=" + replacement.getClass().getName());
    }
    try {
      return call(replacement, RESOLVE);
    } catch (InvocationTargetException e) {
      throw new NotDecodableException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e.getCause());
    }
  }

  private static Object call(Object target, String name) throws InvocationTargetException {
    try {
      Method method = target.getClass().getDeclaredMethod(name);
      method.setAccessible(true);
      return method.invoke(target);
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
