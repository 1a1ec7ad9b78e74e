package dev.procession.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that run inside Maven, in a class loader of a plugin. */
class MavenExecTest {
  @TempDir Path folder;

  @Test
  void execJava_libraryInPluginsLoader_runs() throws IOException, InterruptedException {
    Application.compile(folder.resolve("target/classes"));
    Sources.write(folder.resolve("pom.xml"), pom());
    try (Program program =
        Program.maven(
            folder,
            Path.of(System.getProperty("procession.maven.repository")),
            "-o",
            Program.NO_CACHE,
            "exec:java")) {
      program.assertPrints(Application.OUTPUT);
    }
  }

  private static String pom() {
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>app</groupId>
      <artifactId>app</artifactId>
      <version>1</version>
      <build>
        <plugins>
          <plugin>
            <groupId>org.codehaus.mojo</groupId>
            <artifactId>exec-maven-plugin</artifactId>
            <version>%s</version>
            <configuration>
              <mainClass>%s</mainClass>
              <additionalClasspathElements>
                <element>%s</element>
              </additionalClasspathElements>
            </configuration>
          </plugin>
        </plugins>
      </build>
    </project>
    """
        .formatted(
            System.getProperty("procession.exec.plugin.version"),
            Application.MAIN,
            Sources.LIBRARY);
  }
}
