package dev.procession.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.launch.JarLauncher;

/** Programs in an executable jar of Spring Boot, with the library as a jar inside it. */
class FatJarTest {
  @TempDir Path folder;
  private Path temporary;
  private Path jar;

  @BeforeEach
  void build() throws IOException, URISyntaxException {
    temporary = Files.createDirectories(folder.resolve("tmp"));
    jar = folder.resolve("fat app.jar");
    Path loader =
        Path.of(JarLauncher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path classes = Application.compile(folder.resolve("classes"));
    try (Sources.Jar fat =
        new Sources.Jar(
            jar,
            Map.of(
                Attributes.Name.MAIN_CLASS,
                JarLauncher.class.getName(),
                new Attributes.Name("Start-Class"),
                Application.MAIN,
                new Attributes.Name("Spring-Boot-Classes"),
                "BOOT-INF/classes/",
                new Attributes.Name("Spring-Boot-Lib"),
                "BOOT-INF/lib/"))) {
      fat.add("", Sources.unpack(loader, folder.resolve("loader")))
          .add("BOOT-INF/classes/", classes)
          .addStored("BOOT-INF/lib/procession.jar", Sources.LIBRARY);
    }
  }

  @Test
  void fatJar_nestedLibrary_runs() throws IOException, InterruptedException {
    try (Program program = Program.java("-Djava.io.tmpdir=" + temporary, "-jar", jar.toString())) {
      program.assertPrints(Application.OUTPUT);
    }
    assertThat(Traces.files(temporary)).isEmpty();
  }
}
