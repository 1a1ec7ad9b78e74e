package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are never compiled to files: only their own JVM has their classes. */
class SourceLauncherTest {
  private static final String COMPACT =
      """
      import dev.procession.*;

      record Answer(String text, int number) {}

      static String label(int n) {
        return "label " + n;
      }

      static class Trouble extends Exception {}

      void main() throws Exception {
        int base = 40;
        try (var pool = Pool.processes(2)) {
          IO.println(pool.map(n -> new Answer(label(n), base + n), List.of(1, 2)));
          try {
            pool.submit(() -> { throw new Trouble(); }).join();
          } catch (java.util.concurrent.CompletionException e) {
            IO.println(e.getCause() instanceof Trouble);
          }
        }
      }
      """;

  private static final String COMPACT_OUTPUT =
      """
      [Answer[text=label 1, number=41], Answer[text=label 2, number=42]]
      true
      """;

  private static final String SNIPPETS =
      """
      import dev.procession.*;
      record Answer(String text, int number) {}
      String name(int n) { return "number " + n; }
      class Trouble extends Exception { int code = 47; }
      enum Colour { RED, BLUE { String of() { return "sea"; } }; String of() { return "fire"; } }
      int base = 40;
      var pool = Pool.processes(2);
      System.out.println(pool.map(n -> new Answer(name(n), 40 + n), List.of(1, 2)));
      System.out.println(pool.map(c -> c.of(), List.of(Colour.values())));
      System.out.println(pool.submit(() -> new ExitStatus(3, false)).get());
      try {
        pool.submit(() -> { throw new Trouble(); }).join();
      } catch (java.util.concurrent.CompletionException e) {
        System.out.println("trouble " + ((Trouble) e.getCause()).code);
      }
      pool.close();
      String name(int n) { return "changed " + n; }
      System.out.println(ChildProcess.call(() -> new Answer(name(5), 45)).result().join());
      /exit
      """;

  @TempDir Path folder;

  @Test
  void sourceFile_oneFile_runs() throws IOException, InterruptedException {
    String source = Application.sources().get("app/Main.java").replace("package app;", "");
    Path file = Sources.write(folder.resolve("Main.java"), withoutNote(source));
    try (Program program = Program.java("-cp", Sources.LIBRARY.toString(), file.toString())) {
      program.assertPrints(
          Application.OUTPUT
              .replace("note of the application", "no note")
              .replace("title of the application", "no title"));
    }
  }

  @Test
  void sourceFile_compact_runs() throws IOException, InterruptedException {
    Path file = Sources.write(folder.resolve("compact.java"), COMPACT);
    try (Program program = Program.java("-cp", Sources.LIBRARY.toString(), file.toString())) {
      program.assertPrints(COMPACT_OUTPUT);
    }
  }

  @Test
  void sourceFile_portableSystemAndOtherTemporaryFolder_runs()
      throws IOException, InterruptedException {
    Path file = Sources.write(folder.resolve("compact.java"), COMPACT);
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    try (Program program =
        Program.java(
            "-Ddev.procession.os=portable",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            Sources.LIBRARY.toString(),
            file.toString())) {
      program.assertPrints(COMPACT_OUTPUT);
    }
    assertThat(Traces.files(temporary)).isEmpty();
  }

  @Test
  void jshell_snippets_run() throws IOException, InterruptedException {
    // it says so when it makes this folder
    Sources.write(folder.resolve(".java/.userPrefs/empty"), "");
    try (Program program =
        Program.of(
                Program.tool("jshell"),
                "-J-Djava.util.prefs.userRoot=" + folder,
                "-R" + Program.NO_CACHE,
                "--class-path",
                Sources.LIBRARY.toString(),
                "-s",
                "-")
            .withInput(SNIPPETS)) {
      program.assertPrints(
          """
          [Answer[text=number 1, number=41], Answer[text=number 2, number=42]]
          [fire, sea]
          code 3
          trouble 47
          Answer[text=changed 5, number=45]
          """);
    }
  }

  /** A program in memory has no resources. */
  private static String withoutNote(String source) {
    return source
        .replace("pool.submit(Helper::note).get()", "\"no note\"")
        .replace("ResourceBundle.getBundle(\"app.texts\").getString(\"title\")", "\"no title\"");
  }
}
