package dev.procession.systemtests;

import static java.util.regex.Pattern.quote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the cookbook, as somebody tries them who has nothing but the library. */
class RecipesTest {
  @AutoClose private static final ExecutorService TWO_AT_A_TIME = Executors.newFixedThreadPool(2);

  @TempDir private static Path project;

  private static List<Recipe> recipes;
  private static Path classes;

  @BeforeAll
  static void copyIntoMavenProject() throws IOException, InterruptedException {
    recipes = Recipe.all();
    classes = MavenProject.compile(project, recipes.stream().map(Recipe::file).toList());
  }

  @TestFactory
  List<DynamicTest> compiled_printsWhatItSays() {
    return recipes.stream()
        .map(recipe -> test(recipe, recipe.mainClass(), Stream.of(classes)))
        .toList();
  }

  @TestFactory
  List<DynamicTest> sourceFileOfEachGroup_printsWhatItSays() {
    return recipes.stream()
        .collect(Collectors.toMap(Recipe::group, recipe -> recipe, (first, _) -> first))
        .values()
        .stream()
        .map(recipe -> test(recipe, recipe.file().toString(), Stream.of()))
        .toList();
  }

  /** Lets the program run when it is its turn; the test waits for that. */
  private static DynamicTest test(Recipe recipe, String main, Stream<Path> classes) {
    String path =
        Stream.concat(classes, recipe.libraries().stream())
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Future<?> run =
        TWO_AT_A_TIME.submit(
            () -> {
              try (Program program = Program.java("-cp", path, main)) {
                recipe.assertIs(program);
              }
              return null;
            });
    return dynamicTest(recipe.name(), () -> await(run));
  }

  private static void await(Future<?> run) throws Throwable {
    try {
      run.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  @Test
  void run_withoutName_listsThem() throws IOException, InterruptedException {
    try (Program run = Program.of(Sources.ROOT.resolve("run").toString())) {
      run.assertEndsWell();
      for (Recipe recipe : recipes) {
        assertThat(run.output())
            .containsPattern("(?m)^  " + recipe.name() + " +" + quote(recipe.description()) + '$');
      }
    }
  }

  @Test
  void run_aName_runsThatProgramWithItsArguments(@TempDir Path project)
      throws IOException, InterruptedException {
    try {
      runSome(builtJustNow(project));
    } finally {
      removeLinks(project);
    }
  }

  private static void runSome(Path project) throws IOException, InterruptedException {
    String script = project.resolve("run").toString();
    try (Program run = Program.of(script, "one-worker")) {
      run.assertEndsWell();
      assertThat(run.output()).isEqualTo("hello bob\n");
    }
    Path page = Files.writeString(project.resolve("page"), "twelve bytes");
    try (Program run = Program.of(script, "fetch-pages", page.toUri().toString())) {
      run.assertEndsWell();
      assertThat(run.output()).isEqualTo(page.toUri() + ": 12 bytes\n");
    }
    try (Program run = Program.of(script, "no-such-program").start()) {
      assertThat(run.awaitEnd().exitCode()).isEqualTo(2);
      assertThat(run.errorOutput()).contains("There is no program", "one-worker");
    }
  }

  /** The project, as if this script had built it: it must not, as this test is part of a build. */
  private static Path builtJustNow(Path project) throws IOException {
    Path target = Files.createDirectories(project.resolve("examples/target"));
    for (String part :
        List.of(
            "run",
            "jdk.sh",
            "pom.xml",
            "core",
            "examples/recipes",
            "examples/pom.xml",
            "examples/src",
            "examples/target/lib")) {
      Files.createSymbolicLink(project.resolve(part), Sources.ROOT.resolve(part));
    }
    Path built = Sources.ROOT.resolve("examples/target");
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(built, "procession-examples-*.jar")) {
      for (Path jar : jars) {
        Files.createSymbolicLink(target.resolve(jar.getFileName()), jar);
      }
    }
    Files.createFile(target.resolve("run.stamp"));
    return project;
  }

  /** Or the end of the temporary folder would warn of each. */
  private static void removeLinks(Path project) throws IOException {
    try (Stream<Path> files = Files.walk(project)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }
}
