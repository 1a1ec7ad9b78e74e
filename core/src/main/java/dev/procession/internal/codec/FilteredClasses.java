package dev.procession.internal.codec;

import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/** The classes that a sender who is not trusted may name. */
record FilteredClasses(ClassTable classes, ObjectInputFilter filter) implements ClassTable {
  @Override
  public int loaderOf(Class<?> type) {
    return classes.loaderOf(type);
  }

  @Override
  public Class<?> find(int loader, String name) throws ClassNotFoundException {
    Class<?> found = classes.find(loader, name); // which does not initialize it
    Class<?> element = found;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    if (!element.isPrimitive() && !allows(filter, found)) {
      throw new ClassNotFoundException("class is not allowed here: class=" + name);
    }
    return found;
  }

  static boolean allows(ObjectInputFilter filter, Class<?> type) {
    return filter.checkInput(new Named(type)) == ObjectInputFilter.Status.ALLOWED;
  }

  /** A class by itself. */
  private record Named(Class<?> type) implements ObjectInputFilter.FilterInfo {
    @Override
    public @Nullable Class<?> serialClass() {
      return type;
    }

    @Override
    public long arrayLength() {
      return -1;
    }

    @Override
    public long depth() {
      return 1;
    }

    @Override
    public long references() {
      return 1;
    }

    @Override
    public long streamBytes() {
      return 0;
    }
  }
}
