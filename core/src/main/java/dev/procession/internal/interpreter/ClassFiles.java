package dev.procession.internal.interpreter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The files of classes; those that were read are kept for the next world while memory lasts. */
final class ClassFiles {
  private static final ClassValue<AtomicReference<@Nullable SoftReference<byte[]>>> KNOWN =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable SoftReference<byte[]>> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  private ClassFiles() {}

  static String path(String className) {
    return className.replace('.', '/') + ".class";
  }

  /**
   * The file of a class.
   *
   * @throws ClassNotFoundException if it has none, as it was made at run time
   */
  static byte[] of(Class<?> type) throws ClassNotFoundException {
    AtomicReference<@Nullable SoftReference<byte[]>> known = KNOWN.get(type);
    SoftReference<byte[]> reference = known.get();
    byte[] bytes = reference == null ? null : reference.get();
    if (bytes == null) {
      bytes = read(type);
      known.set(new SoftReference<>(bytes));
    }
    return bytes;
  }

  private static byte[] read(Class<?> type) throws ClassNotFoundException {
    try (InputStream file = open(type)) {
      if (file == null) {
        throw new ClassNotFoundException(
            type.getName() + ": has no file to define it from in an interpreter");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable InputStream open(Class<?> type) throws IOException {
    String path = path(type.getName());
    ClassLoader loader = type.getClassLoader();
    if (type.getModule().isNamed() || loader == null) {
      return type.getModule().getResourceAsStream(path);
    }
    if (loader instanceof URLClassLoader own) { // which may be asked before its parent is
      URL file = own.findResource(path);
      return file == null ? loader.getResourceAsStream(path) : file.openStream();
    }
    return loader.getResourceAsStream(path);
  }
}
