package dev.procession.internal.launch;

import dev.procession.internal.codec.ClassTable;

/** A class loader that belongs to a world with classes of its own, inside of this process. */
public interface ClassWorld {
  /** How that world's classes are named. */
  ClassTable classes();
}
