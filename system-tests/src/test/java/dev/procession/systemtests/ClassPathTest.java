package dev.procession.systemtests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are started with a class path. */
class ClassPathTest {
  @TempDir Path folder;

  @Test
  void classPath_jarAndFolder_runs() throws IOException, InterruptedException {
    Path classes = Application.compile(folder.resolve("classes"));
    try (Program program = Program.java("-cp", path(Sources.LIBRARY, classes), Application.MAIN)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void classPath_folderNameWithSpaces_runs() throws IOException, InterruptedException {
    Path place = Files.createDirectories(folder.resolve("a folder, 100% + more #1"));
    Path classes = Application.compile(place.resolve("my classes"));
    Path library = Files.copy(Sources.LIBRARY, place.resolve("the library.jar"));
    try (Program program = Program.java("-cp", path(library, classes), Application.MAIN)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void classPath_relativeAndWorkerInOtherDirectory_runs() throws IOException, InterruptedException {
    Application.compile(folder.resolve("classes"));
    Files.copy(Sources.LIBRARY, folder.resolve("library.jar"));
    Path elsewhere = Files.createDirectories(folder.resolve("else/where"));
    try (Program program =
        Program.java(
                "-cp",
                path(Path.of("classes"), Path.of("library.jar")),
                Application.MAIN,
                elsewhere.toString())
            .in(folder)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void classPath_emptyEntryMeansWorkingDirectory_runs() throws IOException, InterruptedException {
    Path classes = Application.compile(folder.resolve("classes"));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    String classPath = Sources.LIBRARY + File.pathSeparator;
    try (Program program =
        Program.java("-cp", classPath, Application.MAIN, elsewhere.toString()).in(classes)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void classPath_wildcard_runs() throws IOException, InterruptedException {
    Path classes = Application.compile(folder.resolve("classes"));
    Path libraries = Files.createDirectories(folder.resolve("lib"));
    Files.copy(Sources.LIBRARY, libraries.resolve("procession.jar"));
    try (Program program =
        Program.java("-cp", path(classes, Path.of("lib/*")), Application.MAIN).in(folder)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void jar_libraryInManifestClassPath_runs() throws IOException, InterruptedException {
    Path classes = Application.compile(folder.resolve("classes"));
    Path jar = folder.resolve("app.jar");
    Files.copy(
        Sources.LIBRARY, Files.createDirectories(folder.resolve("lib")).resolve("library.jar"));
    try (Sources.Jar app =
        new Sources.Jar(
            jar,
            Map.of(
                Attributes.Name.MAIN_CLASS,
                Application.MAIN,
                Attributes.Name.CLASS_PATH,
                "lib/library.jar"))) {
      app.add("", classes);
    }
    try (Program program = Program.java("-jar", jar.toString())) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void jar_libraryUnpackedIntoIt_runs() throws IOException, InterruptedException {
    Path classes = Application.compile(folder.resolve("classes"));
    Path unpacked = Sources.unpack(Sources.LIBRARY, folder.resolve("unpacked"));
    Path jar = folder.resolve("shaded app.jar");
    try (Sources.Jar app =
        new Sources.Jar(jar, Map.of(Attributes.Name.MAIN_CLASS, Application.MAIN))) {
      app.add("", classes).add("", unpacked);
    }
    try (Program program = Program.java("-jar", jar.toString())) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  private static String path(Path first, Path second) {
    return first + File.pathSeparator + second;
  }
}
