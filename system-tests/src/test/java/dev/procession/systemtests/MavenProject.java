package dev.procession.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Maven project with nothing but sources and the dependency that the README names. */
final class MavenProject {
  private MavenProject() {}

  /** Makes the project in a new folder, compiles it, and returns the folder of its classes. */
  static Path compile(Path folder, List<Path> sources) throws IOException, InterruptedException {
    Path main = Files.createDirectories(folder.resolve("src/main/java"));
    for (Path source : sources) {
      Files.copy(source, main.resolve(source.getFileName()));
    }
    Sources.write(folder.resolve("pom.xml"), pom());
    Sources.write(folder.resolve("settings.xml"), settings());
    try (Program maven =
        Program.maven(folder, repository(folder.resolve("m2")), "-s", "settings.xml", "compile")) {
      maven.assertPrints("");
    }
    return folder.resolve("target/classes");
  }

  private static String pom() throws IOException {
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>app</groupId>
      <artifactId>app</artifactId>
      <version>1</version>
      <properties>
        <maven.compiler.release>25</maven.compiler.release>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
      </properties>
      <dependencies>
    %s
      </dependencies>
      <build>
        <pluginManagement>
          <plugins>
            <plugin>
              <artifactId>maven-compiler-plugin</artifactId>
              <version>%s</version>
            </plugin>
            <plugin>
              <artifactId>maven-resources-plugin</artifactId>
              <version>%s</version>
            </plugin>
          </plugins>
        </pluginManagement>
      </build>
    </project>
    """
        .formatted(
            dependency(),
            System.getProperty("procession.compiler.plugin.version"),
            System.getProperty("procession.resources.plugin.version"));
  }

  private static String dependency() throws IOException {
    String readme = Files.readString(Sources.ROOT.resolve("README.md"));
    String end = "</dependency>";
    return readme.substring(readme.indexOf("<dependency>"), readme.indexOf(end) + end.length());
  }

  /** What is downloaded otherwise comes from the repository of this build. */
  private static String settings() {
    return """
    <settings>
      <mirrors>
        <mirror>
          <id>this-build</id>
          <mirrorOf>*</mirrorOf>
          <url>%s</url>
        </mirror>
      </mirrors>
    </settings>
    """
        .formatted(Path.of(System.getProperty("procession.maven.repository")).toUri());
  }

  /** A repository with what {@code mvn install} puts there. */
  private static Path repository(Path repository) throws IOException {
    install(repository, "procession-parent", "pom", Sources.ROOT.resolve("pom.xml"));
    install(repository, "procession", "pom", Sources.ROOT.resolve("core/pom.xml"));
    install(repository, "procession", "jar", Sources.LIBRARY);
    return repository;
  }

  private static void install(Path repository, String artifact, String type, Path file)
      throws IOException {
    String version = System.getProperty("procession.version");
    Path folder = repository.resolve("dev/procession").resolve(artifact).resolve(version);
    Files.createDirectories(folder);
    Files.copy(file, folder.resolve(artifact + '-' + version + '.' + type));
  }
}
