package dev.procession.systemtests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that load classes with loaders of their own. */
class ClassLoaderTest {
  private static final String HOST =
      """
      package host;

      import dev.procession.Pool;
      import dev.procession.function.SerializableCallable;
      import java.net.URL;
      import java.net.URLClassLoader;
      import java.nio.file.Path;
      import java.util.List;
      import java.util.concurrent.CompletionException;

      public final class Main {
        public static void main(String[] jars) throws Exception {
          try (URLClassLoader one = loader(jars[0], Main.class.getClassLoader());
              URLClassLoader two = loader(jars[1], Main.class.getClassLoader());
              URLClassLoader child = loader(jars[2], two);
              Pool pool = Pool.processes(1)) {
            for (int round = 1; round <= 2; round++) {
              show(pool, one, "plugin.Task");
              show(pool, two, "plugin.Task");
              show(pool, child, "extension.ChildTask");
            }
          }
        }

        static URLClassLoader loader(String jar, ClassLoader parent) throws Exception {
          return new URLClassLoader(new URL[] {Path.of(jar).toUri().toURL()}, parent);
        }

        static void show(Pool pool, ClassLoader loader, String name) throws Exception {
          Job job = (Job) loader.loadClass(name).getDeclaredConstructor().newInstance();
          Object result = pool.submit(job.call()).get();
          System.out.print(result + (isOf(loader, result) ? ", " : " of another loader, "));
          try {
            pool.submit(job.failing()).join();
          } catch (CompletionException e) {
            Throwable failure = e.getCause();
            System.out.println(failure.getMessage() + (isOf(loader, failure) ? "" : " of another loader"));
          }
        }

        static boolean isOf(ClassLoader loader, Object object) {
          for (ClassLoader l = loader; l != Main.class.getClassLoader(); l = l.getParent()) {
            if (object.getClass().getClassLoader() == l) {
              return true;
            }
          }
          return false;
        }
      }
      """;

  private static final String JOB =
      """
      package host;

      import dev.procession.function.SerializableCallable;
      import dev.procession.function.SerializableRunnable;

      public interface Job {
        SerializableCallable<Object> call();

        SerializableRunnable failing();
      }
      """;

  private static final String TASK =
      """
      package plugin;

      import dev.procession.function.SerializableCallable;
      import dev.procession.function.SerializableRunnable;
      import host.Job;

      public class Task implements Job {
        private static int calls;

        public record Version(String text, int call) {}

        public static class Trouble extends RuntimeException {
          public Trouble(String message) {
            super(message);
          }
        }

        @Override
        public SerializableCallable<Object> call() {
          return () -> new Version(text(), ++calls);
        }

        @Override
        public SerializableRunnable failing() {
          return () -> {
            throw new Trouble("trouble " + text());
          };
        }

        protected static int calls() {
          return calls;
        }

        protected static String text() throws Exception {
          String name = Thread.currentThread().getContextClassLoader() == Task.class.getClassLoader() ? "" : "?";
          try (var note = Task.class.getResourceAsStream("note.txt")) {
            return "VERSION" + name + " " + new String(note.readAllBytes());
          }
        }
      }
      """;

  private static final String CHILD_TASK =
      """
      package extension;

      import dev.procession.function.SerializableCallable;

      public class ChildTask extends plugin.Task {
        public record Extended(Object inner) {}

        @Override
        public SerializableCallable<Object> call() {
          SerializableCallable<Object> inner = super.call();
          return () -> new Extended(inner.call() + " of " + calls());
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void loaders_twoVersionsOfClass_eachTaskSeesItsOwn() throws IOException, InterruptedException {
    Path host =
        Sources.compile(
            folder.resolve("host"),
            Sources.LIBRARY.toString(),
            Map.of("host/Main.java", HOST, "host/Job.java", JOB));
    String classPath = Sources.LIBRARY + File.pathSeparator + host;
    Path one = plugin("one", classPath);
    Path two = plugin("two", classPath);
    Path child =
        jar(
            "child",
            classPath + File.pathSeparator + two,
            Map.of("extension/ChildTask.java", CHILD_TASK));
    try (Program program =
        Program.java(
            "-cp", classPath, "host.Main", one.toString(), two.toString(), child.toString())) {
      program.assertPrints(
          """
          Version[text=one note one, call=1], trouble one note one
          Version[text=two note two, call=1], trouble two note two
          Extended[inner=Version[text=two? note two, call=2] of 2], trouble two note two
          Version[text=one note one, call=2], trouble one note one
          Version[text=two note two, call=3], trouble two note two
          Extended[inner=Version[text=two? note two, call=4] of 4], trouble two note two
          """);
    }
  }

  private Path plugin(String version, String classPath) throws IOException {
    return jar(
        version,
        classPath,
        Map.of(
            "plugin/Task.java",
            TASK.replace("VERSION", version),
            "plugin/note.txt",
            "note " + version));
  }

  private Path jar(String name, String classPath, Map<String, String> sources) throws IOException {
    Path classes = Sources.compile(folder.resolve(name), classPath, sources);
    Path file = folder.resolve(name + ".jar");
    try (Sources.Jar jar =
        new Sources.Jar(file, Map.of(Attributes.Name.IMPLEMENTATION_VERSION, name))) {
      jar.add("", classes);
    }
    return file;
  }
}
