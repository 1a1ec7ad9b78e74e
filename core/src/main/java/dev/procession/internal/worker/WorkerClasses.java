package dev.procession.internal.worker;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.launch.WorkerLink;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The classes of a worker: those of its own class path, and of loaders that only the parent has.
 */
final class WorkerClasses implements ClassTable {
  private final WorkerLink link;
  private final Map<Integer, ServedLoader> served = new ConcurrentHashMap<>();

  WorkerClasses(WorkerLink link) {
    this.link = link;
  }

  @Override
  public int loaderOf(Class<?> type) {
    return type.getClassLoader() instanceof ServedLoader loader ? loader.number() : COMMON;
  }

  @Override
  public Class<?> find(int loader, String name) throws ClassNotFoundException {
    return loader == COMMON
        ? ClassTable.common().find(COMMON, name)
        : Class.forName(name, false, loader(loader));
  }

  /** The stand-in for one of the parent's loaders. */
  ClassLoader loader(int number) {
    return served.computeIfAbsent(number, missing -> new ServedLoader(missing, link, this));
  }
}
