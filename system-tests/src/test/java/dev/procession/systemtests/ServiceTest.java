package dev.procession.systemtests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services and resources of loaders that only the program has. */
class ServiceTest {
  private static final String HOST =
      """
      package host;

      import dev.procession.Pool;
      import dev.procession.function.SerializableCallable;
      import java.net.URL;
      import java.net.URLClassLoader;
      import java.nio.file.Path;
      import java.util.function.Supplier;

      public final class Main {
        public static void main(String[] folders) throws Exception {
          URL[] urls = new URL[folders.length];
          for (int i = 0; i < urls.length; i++) {
            urls[i] = Path.of(folders[i]).toUri().toURL();
          }
          try (URLClassLoader loader = new URLClassLoader(urls, Main.class.getClassLoader());
              Pool pool = Pool.processes(1)) {
            Supplier<?> plugin =
                (Supplier<?>) loader.loadClass("plugin.Plugin").getDeclaredConstructor().newInstance();
            System.out.println(((SerializableCallable<?>) plugin.get()).call());
            System.out.println(pool.submit((SerializableCallable<?>) plugin.get()).get());
          }
        }
      }
      """;

  private static final String PLUGIN =
      """
      package plugin;

      import dev.procession.function.SerializableCallable;
      import java.net.URL;
      import java.util.ArrayList;
      import java.util.Collections;
      import java.util.List;
      import java.util.ServiceLoader;
      import java.util.function.Supplier;

      public class Plugin implements Supplier<SerializableCallable<List<String>>> {
        @Override
        public SerializableCallable<List<String>> get() {
          return Plugin::look;
        }

        static List<String> look() throws Exception {
          ClassLoader loader = Plugin.class.getClassLoader();
          List<String> found = new ArrayList<>();
          for (Supplier<?> service : ServiceLoader.load(Supplier.class, loader)) {
            found.add((String) service.get());
          }
          for (URL url : Collections.list(loader.getResources("some/note.txt"))) {
            try (var note = url.openStream()) {
              found.add(new String(note.readAllBytes()));
            }
          }
          found.add("jdk " + Collections.list(loader.getResources("java/lang/Object.class")).size());
          found.add("none " + Collections.list(loader.getResources("no/such")).size());
          return found;
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void resources_sameNameInTwoPlaces_workerSeesBoth() throws IOException, InterruptedException {
    String library = Sources.LIBRARY.toString();
    Path host = Sources.compile(folder.resolve("host"), library, Map.of("host/Main.java", HOST));
    Path plugin =
        Sources.compile(folder.resolve("plugin"), library, Map.of("plugin/Plugin.java", PLUGIN));
    try (Program program =
        Program.java(
            "-cp",
            library + File.pathSeparator + host,
            "host.Main",
            plugin.toString(),
            provider("one").toString(),
            provider("two").toString())) {
      program.assertPrints("[one, two, note one, note two, jdk 1, none 0]\n".repeat(2));
    }
  }

  private Path provider(String name) throws IOException {
    return Sources.compile(
        folder.resolve(name),
        Sources.LIBRARY.toString(),
        Map.of(
            name + "/Provider.java",
            """
            package %1$s;

            public class Provider implements java.util.function.Supplier<String> {
              @Override
              public String get() {
                return "%1$s";
              }
            }
            """
                .formatted(name),
            "META-INF/services/java.util.function.Supplier",
            name + ".Provider",
            "some/note.txt",
            "note " + name));
  }
}
