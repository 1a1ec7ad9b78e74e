package dev.procession.internal.interpreter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URL;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files of the application's modules, also those that only the module itself sees: in a world its
 * classes are in no module, and ask a loader.
 */
final class ModuleFiles {
  private ModuleFiles() {}

  /** The file of that name beside classes that a loader defines, or null. */
  static @Nullable URL find(ClassLoader loader, String name) {
    int slash = name.lastIndexOf('/');
    String folder = slash < 0 ? "" : name.substring(0, slash).replace('/', '.');
    for (Module module : ModuleLayer.boot().modules()) {
      if (loader.equals(module.getClassLoader()) && module.getPackages().contains(folder)) {
        return find(module, name);
      }
    }
    return null;
  }

  private static @Nullable URL find(Module module, String name) {
    Optional<ModuleReference> files =
        module
            .getLayer()
            .configuration()
            .findModule(module.getName())
            .map(ResolvedModule::reference);
    if (files.isEmpty()) {
      return null;
    }
    try (ModuleReader reader = files.get().open()) {
      var found = reader.find(name);
      return found.isEmpty() ? null : found.get().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
