package dev.procession.internal.interpreter;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.launch.ClassWorld;
import java.io.IOException;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a world for a loader outside: defines anew the classes that it defines, and has its
 * resources. Classes are the same in a world exactly where they are outside.
 */
final class WorldLoader extends ClassLoader implements ClassWorld {
  static {
    registerAsParallelCapable();
  }

  private final World world;
  private final ClassLoader source;
  private final int number;

  /**
   * @param source the loader that it stands for
   * @param number of that loader where values travel
   */
  WorldLoader(World world, ClassLoader source, int number) {
    super(world.name(), ClassLoader.getPlatformClassLoader());
    this.world = world;
    this.source = source;
    this.number = number;
  }

  World world() {
    return world;
  }

  ClassLoader source() {
    return source;
  }

  int number() {
    return number;
  }

  @Override
  public ClassTable classes() {
    return world.classes();
  }

  /** Not the parent first: the platform's loader knows modules of the application. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : world.load(this, name);
    }
  }

  /** Defines a class of the source anew; once. */
  @SuppressWarnings("BanClassLoader") // of classes that this process has defined already
  Class<?> define(String name, byte[] bytes, @Nullable ProtectionDomain domain) {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defineClass(name, bytes, 0, bytes.length, domain);
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    URL own = world.ownResource(this, name);
    URL found = own != null ? own : source.getResource(name);
    return found != null ? found : ModuleFiles.find(source, name);
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    List<URL> all = new ArrayList<>(world.ownResources(this, name));
    Set<String> told = new HashSet<>();
    for (URL url : Collections.list(getParent().getResources(name))) {
      told.add(url.toString());
    }
    for (URL url : Collections.list(source.getResources(name))) {
      if (told.add(url.toString())) {
        all.add(url);
      }
    }
    return Collections.enumeration(all);
  }

  @Override
  public String toString() {
    return "WorldLoader[" + world.name() + " for " + source + "]";
  }
}
