package dev.procession.internal.launch;

import dev.procession.internal.codec.ClassTable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of this process, as its workers name them: loaders that only this process has are
 * numbered when a class of theirs first travels. Thread-safe; keeps no loader alive.
 */
public final class ParentClasses implements ClassTable {
  private static final ParentClasses INSTANCE = new ParentClasses();

  /** Guarded by this, as is the list. */
  private final Map<ClassLoader, Integer> numbers = new WeakHashMap<>();

  /** The loader with number {@code n} is at {@code n - 1}. */
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

  private ParentClasses() {}

  /** The classes of this process. */
  public static ParentClasses get() {
    return INSTANCE;
  }

  @Override
  public int loaderOf(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return isCommon(loader) ? COMMON : number(loader);
  }

  @SuppressWarnings("ReferenceEquality") // a loader is itself
  private static boolean isCommon(@Nullable ClassLoader loader) {
    return loader == null
        || loader == ClassLoader.getSystemClassLoader()
        || loader == ClassLoader.getPlatformClassLoader();
  }

  private synchronized int number(ClassLoader loader) {
    return numbers.computeIfAbsent(
        loader,
        added -> {
          loaders.add(new WeakReference<>(added));
          return loaders.size();
        });
  }

  private synchronized @Nullable ClassLoader loader(int number) {
    return number < 1 || number > loaders.size() ? null : loaders.get(number - 1).get();
  }

  @Override
  public Class<?> find(int number, String name) throws ClassNotFoundException {
    if (number == COMMON) {
      return ClassTable.common().find(COMMON, name);
    }
    ClassLoader loader = loader(number);
    if (loader == null) {
      throw new ClassNotFoundException(name + ": its loader is gone: number=" + number);
    }
    return Class.forName(name, false, loader);
  }

  /**
   * What a worker needs to define a class or to read a resource.
   *
   * @param loader the number of the loader that defines the class or has the resource
   * @param bytes of the file, or null if the worker finds it with the common loaders
   */
  record Found(int loader, byte @Nullable [] bytes) {}

  /** A resource by its path, or a class by the path of its file; null if there is none. */
  @Nullable Found resource(int number, String path) {
    ClassLoader loader = loader(number);
    if (loader == null) {
      return null;
    }
    try {
      return path.endsWith(".class") ? classFile(loader, path) : bytes(loader, number, path);
    } catch (IOException | ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private @Nullable Found classFile(ClassLoader loader, String path)
      throws IOException, ClassNotFoundException {
    String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
    ClassLoader definer = Class.forName(name, false, loader).getClassLoader();
    return isCommon(definer) ? new Found(COMMON, null) : bytes(definer, number(definer), path);
  }

  private static @Nullable Found bytes(ClassLoader loader, int number, String path)
      throws IOException {
    try (InputStream file = loader.getResourceAsStream(path)) {
      return file == null ? null : new Found(number, file.readAllBytes());
    }
  }
}
