package dev.procession.internal.interpreter;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.codec.RecordForm;
import dev.procession.internal.launch.CurrentClasses;

/** The classes of a world, named as those are outside that they stand for. */
final class WorldClasses implements ClassTable {
  /** Of records: in a world they are in no module, so they are open there in any case. */
  private static final ClassValue<Boolean> OPEN =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return RecordForm.of(outside(type)).isOpen();
        }
      };

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
  public boolean isOpen(Class<?> record) {
    return OPEN.get(record);
  }

  /** The class that it stands for; itself if it is shared, or only its world has it. */
  private static Class<?> outside(Class<?> type) {
    try {
      return type.getClassLoader() instanceof WorldLoader loader
          ? Class.forName(type.getName(), false, loader.source())
          : type;
    } catch (ClassNotFoundException e) {
      return type;
    }
  }

  @Override
  public Class<?> find(int loader, String name) throws ClassNotFoundException {
    return world.find(loader, name);
  }
}
