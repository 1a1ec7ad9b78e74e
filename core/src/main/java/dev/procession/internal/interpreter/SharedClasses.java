package dev.procession.internal.interpreter;

import java.lang.module.ModuleFinder;
import java.security.CodeSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which classes all worlds have in common: those of the JDK and of this library. */
final class SharedClasses {
  private static final String OWN_PACKAGE = "dev.procession.";

  private static final ClassValue<Boolean> EVERYWHERE =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isJdk(type) || isLibrary(type);
        }
      };

  private SharedClasses() {}

  static boolean areEverywhere(Class<?> type) {
    return EVERYWHERE.get(type);
  }

  /** The tools of the JDK are defined by the application's loader. */
  @SuppressWarnings("ReferenceEquality") // a loader is itself
  private static boolean isJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    String module = type.getModule().getName();
    return loader == null
        || loader == ClassLoader.getPlatformClassLoader()
        || (module != null && isOfJdk(module));
  }

  /**
   * An application's module may have a name as those of the JDK have, which an image has as well.
   */
  private static boolean isOfJdk(String module) {
    return (module.startsWith("java.") || module.startsWith("jdk."))
        && ModuleFinder.ofSystem().find(module).isPresent();
  }

  /** By where it is from: one jar may have the application as well, or its package's name. */
  @SuppressWarnings("ReferenceEquality") // a loader is itself
  private static boolean isLibrary(Class<?> type) {
    return type.getName().startsWith(OWN_PACKAGE)
        && type.getClassLoader() == World.class.getClassLoader()
        && Objects.equals(source(type), source(World.class));
  }

  private static @Nullable CodeSource source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource();
  }

  /** A class as it is outside of all worlds. */
  static Class<?> outside(String name, ClassLoader loader) throws ClassNotFoundException {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      if (name.startsWith(OWN_PACKAGE)) { // the library may be from elsewhere
        return Class.forName(name, false, World.class.getClassLoader());
      }
      throw e;
    }
  }

  /** The class if all worlds have it in common, or null. */
  static @Nullable Class<?> ifEverywhere(String name, ClassLoader loader) {
    try {
      Class<?> outside = outside(name, loader);
      return areEverywhere(outside) ? outside : null;
    } catch (ClassNotFoundException e) {
      return null;
    }
  }
}
