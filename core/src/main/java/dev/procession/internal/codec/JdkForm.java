package dev.procession.internal.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * JDK serialization, with classes named by a {@link ClassTable}. Reading is behind the filter of
 * the JVM, if it has one, and one that refuses arrays longer than the form itself.
 */
final class JdkForm {
  private static final int MAX_DEPTH = 2_000;

  private JdkForm() {}

  /**
   * @param asItself what in the value is only referred to, or null if nothing is
   */
  static void write(
      @Nullable Object value,
      OutputStream target,
      ClassTable classes,
      @Nullable Predicate<Object> asItself)
      throws IOException {
    try (Writer writer = new Writer(target, classes, asItself)) {
      writer.writeObject(value);
    }
  }

  @SuppressWarnings("BanSerializableRead") // of this library's own processes, behind a filter
  static @Nullable Object read(
      Input input, ClassTable classes, @Nullable ObjectInputFilter filter) {
    int length = input.remaining();
    try (Reader reader = new Reader(input.stream(), classes)) {
      ObjectInputFilter ours = info -> check(info, length, filter);
      reader.setObjectInputFilter(ObjectInputFilter.merge(ours, reader.getObjectInputFilter()));
      return reader.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new NotDecodableException("value cannot be deserialized: " + e.getMessage(), e);
    }
  }

  /** An array's element takes at least a byte, or it is a lie. */
  private static ObjectInputFilter.Status check(
      ObjectInputFilter.FilterInfo info, int length, @Nullable ObjectInputFilter filter) {
    if (info.arrayLength() > length + 16L || info.depth() > MAX_DEPTH) {
      return ObjectInputFilter.Status.REJECTED;
    }
    return filter == null ? ObjectInputFilter.Status.UNDECIDED : filter.checkInput(info);
  }

  private static final class Writer extends ObjectOutputStream {
    private final ClassTable classes;
    private final @Nullable Predicate<Object> asItself;

    Writer(OutputStream target, ClassTable classes, @Nullable Predicate<Object> asItself)
        throws IOException {
      super(target);
      this.classes = classes;
      this.asItself = asItself;
      enableReplaceObject(true);
    }

    @Override
    protected void annotateClass(Class<?> type) throws IOException {
      writeInt(classes.loaderOf(type));
    }

    @Override
    protected void annotateProxyClass(Class<?> type) throws IOException {
      writeInt(classes.loaderOf(type));
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object value) {
      if (value instanceof Optional<?> optional) {
        return new OptionalForm(optional.orElse(null));
      }
      if (value != null && Compact.isPlainPath(value)) {
        return new PathForm(value.toString());
      }
      if (value != null && value.getClass() == Compact.ENTRY) {
        Map.Entry<?, ?> entry = (Map.Entry<?, ?>) value;
        return new EntryForm(entry.getKey(), entry.getValue());
      }
      if (value != null && asItself != null && asItself.test(value)) {
        return Reference.to(value);
      }
      return value;
    }
  }

  /** An {@link Optional} inside serialized objects, which the JDK's own is not. */
  private record OptionalForm(@Nullable Object value) implements Serializable {
    @Serial
    private Object readResolve() {
      return Optional.ofNullable(value);
    }
  }

  /** A path inside serialized objects, which the JDK's own is not. */
  private record PathForm(String path) implements Serializable {
    @Serial
    private Object readResolve() {
      return Path.of(path);
    }
  }

  /** An immutable entry inside serialized objects, which the JDK's own is not. */
  private record EntryForm(Object key, Object value) implements Serializable {
    @Serial
    private Object readResolve() {
      return Map.entry(key, value);
    }
  }

  private static final class Reader extends ObjectInputStream {
    private final ClassTable classes;

    Reader(InputStream source, ClassTable classes) throws IOException {
      super(source);
      this.classes = classes;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      int loader = readInt();
      String name = description.getName();
      Class<?> primitive = Class.forPrimitiveName(name);
      return primitive != null ? primitive : find(loader, name);
    }

    @Override
    protected Class<?> resolveProxyClass(String[] names)
        throws IOException, ClassNotFoundException {
      int loader = readInt();
      Class<?>[] interfaces = new Class<?>[names.length];
      for (int i = 0; i < names.length; i++) {
        interfaces[i] = find(loader, names[i]);
      }
      if (interfaces.length == 0) {
        throw new InvalidObjectException("proxy without interfaces");
      }
      return Proxy.newProxyInstance(definer(interfaces), interfaces, (proxy, method, args) -> null)
          .getClass();
    }

    /** A loader that sees all of them: not the JDK's, if one is of the application. */
    private static @Nullable ClassLoader definer(Class<?>[] interfaces) {
      for (Class<?> type : interfaces) {
        ClassLoader loader = type.getClassLoader();
        if (loader != null && !loader.equals(ClassLoader.getPlatformClassLoader())) {
          return loader;
        }
      }
      return interfaces[0].getClassLoader();
    }

    private Class<?> find(int loader, String name) throws ClassNotFoundException {
      return classes.find(loader, name);
    }
  }
}
