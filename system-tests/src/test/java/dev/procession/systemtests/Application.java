package dev.procession.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The program that is launched in many ways. Its workers need a record, a helper, an exception and
 * a resource of its own.
 */
final class Application {
  static final String MAIN = "app.Main";

  private static final String SOURCE =
      """
      package app;

      import dev.procession.ChildProcess;
      import dev.procession.Pool;
      import dev.procession.ProcessOptions;
      import java.io.InputStream;
      import java.io.Serializable;
      import java.nio.file.Path;
      import java.util.List;
      import java.util.ResourceBundle;
      import java.util.concurrent.CompletionException;
      import java.util.function.UnaryOperator;

      public final class Main {
        public static void main(String[] arguments) throws Exception {
          int base = 40;
          try (Pool pool = Pool.processes(2)) {
            System.out.println(pool.map(n -> new Answer(Helper.name(n), base + n), List.of(1, 2)));
            System.out.println(pool.map(Helper::name, List.of(3, 4)));
            System.out.println(pool.submit(Helper::note).get());
            try {
              pool.submit(() -> Helper.fail(base)).join();
            } catch (CompletionException e) {
              System.out.println("trouble " + ((Trouble) e.getCause()).code());
            }
          }
          Helper.count();
          try (Pool pool = Pool.interpreters(1)) {
            System.out.println(pool.map(n -> new Answer(Helper.name(n), base + n), List.of(5)));
            System.out.println(pool.submit(Helper::note).get() + ": " + Helper.title());
            System.out.println(pool.submit(Helper::title).get());
            System.out.println(pool.submit(Helper::count).get() + ", here " + Helper.count());
            try {
              pool.submit(() -> Helper.fail(base)).join();
            } catch (CompletionException e) {
              System.out.println("trouble " + ((Trouble) e.getCause()).code());
            }
          }
          UnaryOperator<ProcessOptions> options =
              o -> arguments.length == 0 ? o : o.withDirectory(Path.of(arguments[0]));
          try (var child = ChildProcess.call(options, () -> new Answer("child", base + 5))) {
            System.out.println(child.result().join());
          }
          ChildProcess.start(options, () -> System.out.println("printed by a child")).join();
          try (var child = ChildProcess.call(options, Main::grandchild)) {
            System.out.println(child.result().join());
          }
        }

        static Answer grandchild() {
          try (var child = ChildProcess.call(() -> new Answer("grandchild", 46))) {
            return child.result().join();
          }
        }
      }

      record Answer(String text, int number) IMPLEMENTS {}

      final class Helper {
        private static int count;

        static String name(int n) {
          return "number " + n;
        }

        static String note() throws Exception {
          try (InputStream note = Helper.class.getResourceAsStream("note.txt")) {
            return new String(note.readAllBytes());
          }
        }

        static String title() {
          return ResourceBundle.getBundle("app.texts").getString("title");
        }

        static int count() {
          return ++count;
        }

        static Answer fail(int base) throws Trouble {
          throw new Trouble(base + 7);
        }
      }

      final class Trouble extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Trouble(int code) {
          super("trouble of the application");
          this.code = code;
        }

        int code() {
          return code;
        }
      }
      """;

  /** What it prints. */
  static final String OUTPUT =
      """
      [Answer[text=number 1, number=41], Answer[text=number 2, number=42]]
      [number 3, number 4]
      note of the application
      trouble 47
      [Answer[text=number 5, number=45]]
      note of the application: title of the application
      title of the application
      1, here 2
      trouble 47
      Answer[text=child, number=45]
      printed by a child
      Answer[text=grandchild, number=46]
      """;

  private Application() {}

  /** Its files, with a record that need not be Serializable. */
  static Map<String, String> sources() {
    return sources("");
  }

  /** Its files, with a Serializable record, which modules that are not open need. */
  static Map<String, String> serializableSources() {
    return sources("implements Serializable");
  }

  private static Map<String, String> sources(String implemented) {
    return Map.of(
        "app/Main.java",
        SOURCE.replace("IMPLEMENTS", implemented),
        "app/note.txt",
        "note of the application",
        "app/texts.properties",
        "title = title of the application");
  }

  /** Compiles it against the library. */
  static Path compile(Path folder) throws IOException {
    return Sources.compile(folder, Sources.LIBRARY.toString(), sources());
  }
}
