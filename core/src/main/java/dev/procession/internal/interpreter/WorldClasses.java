package dev.procession.internal.interpreter;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.launch.CurrentClasses;

/** The classes of a world, named as those are outside that they stand for. */
final class WorldClasses implements ClassTable {
  private final World world;

  WorldClasses(World world) {
    this.world = world;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a world and a loader are themselves
  public int loaderOf(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    if (!(CurrentClasses.worldOf(loader) instanceof WorldLoader nearest)) {
      return CurrentClasses.outside().loaderOf(type); // it is shared
    }
    if (nearest.world() != world) {
      throw new NotEncodableException(
          "object is of a class of another interpreter: class=" + type.getName(), null);
    }
    if (nearest != loader) {
      throw new NotEncodableException(
          "object is of a class of a loader that only its interpreter has: class=" + type.getName(),
          null);
    }
    return nearest.number();
  }

  @Override
  public Class<?> find(int loader, String name) throws ClassNotFoundException {
    return world.find(loader, name);
  }
}
