package dev.procession.systemtests;

import static java.util.regex.Pattern.quote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
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
}
