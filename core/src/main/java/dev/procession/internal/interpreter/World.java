package dev.procession.internal.interpreter;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.launch.ClassWorld;
import dev.procession.internal.launch.CurrentClasses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A world of classes inside this process: for each loader outside one that defines its classes
 * anew. Which loader defines a class, the one outside is asked, so that every class that is used
 * here is loaded there, too; but not initialized. Thread-safe.
 */
public final class World implements AutoCloseable {
  /** What there is outside of all worlds that {@link #local} keeps; as weak as its keys. */
  private static final Map<Object, Object> OUTSIDE =
      Collections.synchronizedMap(new WeakHashMap<>());

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** Packages that some world has, or had, in common with what is outside. */
  private static final Set<String> SHARED_SOMEWHERE = ConcurrentHashMap.newKeySet();

  private final long number = NUMBERS.incrementAndGet();
  private final String name;
  private final WorldSpec spec;

  private final Map<Object, LongConsumer> endings = new ConcurrentHashMap<>();
  private final Map<Object, Object> locals = new ConcurrentHashMap<>();

  private final ClassTable classes = new WorldClasses(this);
  private final Decoder decoder = new Decoder(classes);

  /** By the loader outside that each stands for. */
  private final Map<ClassLoader, WorldLoader> loaders = new ConcurrentHashMap<>();

  private final WorldLoader application;

  /** Only finds files: classes that are in front of those of the application. */
  private final URLClassLoader own;

  /**
   * @param name for people, or null for one by its number
   */
  @SuppressWarnings("BanClassLoader") // defines nothing
  public World(@Nullable String name, WorldSpec spec) {
    this.name = name == null ? "interpreter-" + number : name;
    this.spec = spec;
    URL[] files = spec.classPath().stream().map(World::url).toArray(URL[]::new);
    this.own = new URLClassLoader(files, null);
    ClassLoader outside = ClassLoader.getSystemClassLoader();
    this.application = new WorldLoader(this, outside, ClassTable.COMMON);
    loaders.put(outside, application);
    SHARED_SOMEWHERE.addAll(spec.sharedPackages());
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That in which this thread runs, or null if it is outside of all. */
  public static @Nullable World current() {
    ClassWorld current = CurrentClasses.world();
    return current instanceof WorldLoader loader ? loader.world() : null;
  }

  /** For people. */
  public String name() {
    return name;
  }

  /** What is in front of the application's class path. */
  List<Path> classPath() {
    return spec.classPath();
  }

  /** Identifies it; positive, and no other has it, ever. */
  public long number() {
    return number;
  }

  /**
   * Something is done when it is closed, with its number; once for a key.
   *
   * @param action that does not throw
   */
  public void atEnd(Object key, LongConsumer action) {
    endings.putIfAbsent(key, action);
  }

  /** The loader of the application's classes. */
  public ClassLoader loader() {
    return application;
  }

  /** How its classes are named where values travel. */
  public ClassTable classes() {
    return classes;
  }

  Decoder decoder() {
    return decoder;
  }

  /**
   * Something that exists once in each world; threads that race make it twice and see one.
   *
   * @param world or null for what is outside of all
   * @param key of the library, that is equal to itself only
   */
  public static Object local(@Nullable World world, Object key, Supplier<Object> maker) {
    Map<Object, Object> all = world == null ? OUTSIDE : world.locals;
    Object known = all.get(key);
    if (known != null) {
      return known;
    }
    Object made = maker.get(); // not under a lock: runs code of users
    Object other = all.putIfAbsent(key, made);
    return other == null ? made : other;
  }

  // classes

  /** For a loader of this world: the class that it finds under a name. */
  @SuppressWarnings("ReferenceEquality") // a loader is itself
  Class<?> load(WorldLoader asking, String className) throws ClassNotFoundException {
    URL ownFile = ownClass(asking, className);
    if (ownFile != null) {
      Class<?> shared = SharedClasses.ifEverywhere(className, asking.source());
      return shared != null ? shared : asking.define(className, read(ownFile), domain(ownFile));
    }
    Class<?> outside = SharedClasses.outside(className, asking.source());
    if (isShared(outside)) {
      return outside;
    }
    WorldLoader definer = standIn(outside);
    return definer == asking
        ? asking.define(className, ClassFiles.of(outside), outside.getProtectionDomain())
        : definer.loadClass(className);
  }

  /** Whether a class is one that is outside, and some world may have it in common with that. */
  static boolean isSharedSomewhere(Class<?> type) {
    return SHARED_SOMEWHERE.contains(type.getPackageName())
        && !(CurrentClasses.worldOf(type.getClassLoader()) instanceof WorldLoader);
  }

  /** Whether it has all of some classes in common with what is outside. */
  boolean hasInCommon(Set<Class<?>> outside) {
    for (Class<?> type : outside) {
      if (!isShared(type)) {
        return false;
      }
    }
    return true;
  }

  private boolean isShared(Class<?> outside) {
    return SharedClasses.areEverywhere(outside)
        || spec.sharedPackages().contains(outside.getPackageName());
  }

  @SuppressWarnings("ReferenceEquality") // a loader is itself
  private @Nullable URL ownClass(WorldLoader asking, String className) {
    int dot = className.lastIndexOf('.');
    boolean shared = dot > 0 && spec.sharedPackages().contains(className.substring(0, dot));
    return asking == application && !shared ? own.findResource(ClassFiles.path(className)) : null;
  }

  private static byte[] read(URL file) {
    try (InputStream in = file.openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProtectionDomain domain(URL file) {
    return new ProtectionDomain(new CodeSource(file, (Certificate[]) null), null);
  }

  private WorldLoader standIn(Class<?> outside) {
    return loaders.computeIfAbsent(
        outside.getClassLoader(),
        source -> new WorldLoader(this, source, CurrentClasses.outside().loaderOf(outside)));
  }

  /** The class of this world that is named so where values travel. */
  Class<?> find(int loader, String className) throws ClassNotFoundException {
    if (loader == ClassTable.COMMON) {
      return Class.forName(className, false, application);
    }
    Class<?> outside = CurrentClasses.outside().find(loader, className);
    return isShared(outside) ? outside : Class.forName(className, false, standIn(outside));
  }

  @SuppressWarnings("ReferenceEquality") // a loader is itself
  @Nullable URL ownResource(WorldLoader asking, String resource) {
    return asking == application ? own.findResource(resource) : null;
  }

  @SuppressWarnings("ReferenceEquality") // a loader is itself
  List<URL> ownResources(WorldLoader asking, String resource) throws IOException {
    return asking == application ? Collections.list(own.findResources(resource)) : List.of();
  }

  /** Lets go of the files of its class path, and of what is outside. Idempotent. */
  @Override
  public void close() {
    locals.clear();
    endings.values().forEach(action -> action.accept(number));
    endings.clear();
    try {
      own.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
