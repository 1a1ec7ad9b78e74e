package dev.procession.internal.launch;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.NotEncodableException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of this process, as its workers name them: loaders that only this process has are
 * numbered when a class of theirs first travels. Thread-safe; keeps no loader alive.
 */
public final class ParentClasses implements ClassTable {
  private static final String OWN_PACKAGE = "dev.procession.";
  private static final ClassLoader OWN_LOADER = ParentClasses.class.getClassLoader();

  /** In no path of a resource. */
  private static final char INDEX = '\0';

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
    if (isCommon(loader)) {
      return COMMON;
    }
    // a lambda's class is named when its task is handed on, by whichever thread does that
    ClassWorld world = type.isHidden() ? null : CurrentClasses.worldOf(loader);
    if (world != null && !isHere(world)) {
      throw new NotEncodableException(
          "object is of an interpreter that this thread is not in: class="
              + type.getName()
              + ". A thread is in one by its context class loader, which those of the common pool"
              + " do not have.",
          null);
    }
    return number(loader);
  }

  @SuppressWarnings("ReferenceEquality") // a table is itself
  private static boolean isHere(ClassWorld world) {
    ClassWorld here = CurrentClasses.world();
    return here != null && here.classes() == world.classes();
  }

  @SuppressWarnings("ReferenceEquality") // a loader is itself
  private static boolean isCommon(@Nullable ClassLoader loader) {
    return loader == null
        || loader == ClassLoader.getSystemClassLoader()
        || loader == ClassLoader.getPlatformClassLoader();
  }

  /** Workers have this library on their class path, wherever it is from here. */
  private static boolean isOwn(String name) {
    if (isCommon(OWN_LOADER) || !name.startsWith(OWN_PACKAGE)) {
      return false;
    }
    return OWN_LOADER.getResource(name.replace('.', '/') + ".class") != null;
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
      return isOwn(name)
          ? Class.forName(name, false, OWN_LOADER)
          : ClassTable.common().find(COMMON, name);
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

  /** The path by which {@link #resource} finds one of several resources of a name. */
  public static String path(String name, int index) {
    return name + INDEX + index;
  }

  /** A resource by its path, or a class by the path of its file; null if there is none. */
  @Nullable Found resource(int number, String path) {
    ClassLoader loader = loader(number);
    if (loader == null) {
      return null;
    }
    try {
      int mark = path.indexOf(INDEX);
      if (mark >= 0) {
        int index = Integer.parseInt(path.substring(mark + 1));
        return nth(loader, number, path.substring(0, mark), index);
      }
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

  /** Counted without those of the JDK, which workers have themselves. */
  private static @Nullable Found nth(ClassLoader loader, int number, String name, int index)
      throws IOException {
    Set<String> known = new HashSet<>();
    for (URL url : Collections.list(ClassLoader.getPlatformClassLoader().getResources(name))) {
      known.add(url.toString());
    }
    int left = index;
    for (URL url : Collections.list(loader.getResources(name))) {
      if (!known.contains(url.toString()) && left-- == 0) {
        try (InputStream file = url.openStream()) {
          return new Found(number, file.readAllBytes());
        }
      }
    }
    return null;
  }

  private static @Nullable Found bytes(ClassLoader loader, int number, String path)
      throws IOException {
    try (InputStream file = loader.getResourceAsStream(path)) {
      return file == null ? null : new Found(number, file.readAllBytes());
    }
  }
}
