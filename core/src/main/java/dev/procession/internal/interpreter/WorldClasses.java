package dev.procession.internal.interpreter;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.launch.CurrentClasses;
import org.jspecify.annotations.Nullable;

/** The classes of a world, named as those are outside that they stand for. */
final class WorldClasses implements ClassTable {
  private final World world;

  WorldClasses(World world) {
    this.world = world;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a world is itself
  public int loaderOf(Class<?> type) {
    WorldLoader loader = loaderIn(type.getClassLoader());
    if (loader == null) {
      return CurrentClasses.outside().loaderOf(type); // it is shared
    }
    if (loader.world() != world) {
      throw new NotEncodableException(
          "object is of a class of another interpreter: class=" + type.getName(), null);
    }
    if (loader != type.getClassLoader()) {
      throw new NotEncodableException(
          "object is of a class of a loader that only its interpreter has: class=" + type.getName(),
          null);
    }
    return loader.number();
  }

  /** The loader itself, or the nearest above it, that is of a world; or null. */
  private static @Nullable WorldLoader loaderIn(@Nullable ClassLoader loader) {
    ClassLoader next = loader;
    while (next != null) {
      if (next instanceof WorldLoader found) {
        return found;
      }
      next = next.getParent();
    }
    return null;
  }

  @Override
  public Class<?> find(int loader, String name) throws ClassNotFoundException {
    return world.find(loader, name);
  }
}
