package dev.procession.internal.codec;

/**
 * How classes are named between a parent and its workers: by their name and the number of the
 * parent's loader that defines them.
 */
public interface ClassTable {
  /** The loaders that every process of ours has: the boot, platform and application ones. */
  int COMMON = 0;

  /**
   * The number of a class's loader.
   *
   * @throws NotEncodableException if the other side cannot have the loader
   */
  int loaderOf(Class<?> type);

  /**
   * The class behind a name, not initialized.
   *
   * @param loader a number from {@link #loaderOf}
   * @throws ClassNotFoundException if there is none
   */
  Class<?> find(int loader, String name) throws ClassNotFoundException;

  /** Whether records of a class can be taken apart here, and put together on the other side. */
  default boolean isOpen(Class<?> record) {
    return RecordForm.of(record).isOpen();
  }

  /** A table for what the common loaders define. */
  static ClassTable common() {
    return CommonClasses.INSTANCE;
  }
}
