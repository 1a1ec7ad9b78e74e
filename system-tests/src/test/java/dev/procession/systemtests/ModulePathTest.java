package dev.procession.systemtests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are modules, or have the library as one. */
class ModulePathTest {
  private static final String DESCRIPTOR =
      """
      module app {
        requires dev.procession;
      }
      """;

  @TempDir Path folder;

  @Test
  void modulePath_closedModule_runs() throws IOException, InterruptedException {
    Path module = compileModule();
    try (Program program =
        Program.java(
            "-p", Sources.LIBRARY + File.pathSeparator + module, "-m", "app/" + Application.MAIN)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void modulePath_relativeAndWorkerInOtherDirectory_runs()
      throws IOException, InterruptedException {
    Path module = compileModule();
    Files.copy(Sources.LIBRARY, module.resolveSibling("library.jar"));
    Path elsewhere = Files.createDirectories(folder.resolve("else where"));
    try (Program program =
        Program.java("-p", ".", "-m", "app/" + Application.MAIN, elsewhere.toString())
            .in(module.getParent())) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void modulePath_libraryOnlyAndApplicationOnClassPath_runs()
      throws IOException, InterruptedException {
    Path classes = Application.compile(folder.resolve("classes"));
    try (Program program =
        Program.java(
            "-p",
            Sources.LIBRARY.toString(),
            "--add-modules",
            "dev.procession",
            "-cp",
            classes.toString(),
            Application.MAIN)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void modulePath_unusedModuleWithSamePackage_runs() throws IOException, InterruptedException {
    Path module = compileModule();
    Sources.compile(
        module.resolveSibling("unused"),
        Sources.LIBRARY.toString(),
        Map.of(
            "module-info.java",
            "module unused { exports app; }",
            "app/Other.java",
            "package app; public class Other {}"));
    String path = Sources.LIBRARY + File.pathSeparator + module.getParent();
    try (Program program = Program.java("-p", path, "-m", "app/" + Application.MAIN)) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  @Test
  void image_linkedWithApplication_runs() throws IOException, InterruptedException {
    String path = Sources.LIBRARY + File.pathSeparator + compileModule();
    Path image = folder.resolve("image");
    try (Program link =
        Program.of(
            Program.tool("jlink"),
            "--module-path",
            path,
            "--add-modules",
            "app",
            "--output",
            image.toString())) {
      link.assertPrints("");
    }
    try (Program program =
        Program.of(image.resolve("bin/java").toString(), Program.NO_CACHE, "-m", "app/app.Main")) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  private Path compileModule() throws IOException {
    Map<String, String> sources = new HashMap<>(Application.serializableSources());
    sources.put("module-info.java", DESCRIPTOR);
    return Sources.compile(folder.resolve("mods/app"), Sources.LIBRARY.toString(), sources);
  }
}
