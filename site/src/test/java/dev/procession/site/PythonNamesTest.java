package dev.procession.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chapter that says what Python's names became: it has them all, and ours are right. */
class PythonNamesTest {
  /** What CPython 3.14 says itself: a module and a public name in each line. */
  private static final String NAMES = "python-3.14.txt";

  private static final String CHAPTER = Texts.chapter("03-from-python.md");

  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (.*) \\|");
  private static final Pattern OURS = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:[.](\\w+))?`");

  private static final List<String> PACKAGES =
      List.of(
          "dev.procession.",
          "dev.procession.channel.",
          "dev.procession.sync.",
          "dev.procession.memory.",
          "dev.procession.manager.",
          "dev.procession.interpreter.",
          "java.lang.",
          "java.lang.foreign.",
          "java.lang.ref.",
          "java.io.",
          "java.net.",
          "java.time.",
          "java.util.",
          "java.util.concurrent.",
          "java.util.concurrent.locks.");

  @Test
  void names_ofPython_allHaveOneRow() throws IOException {
    List<String> rows = rows();

    assertThat(rows).doesNotHaveDuplicates();
    assertThat(rows).containsAll(namesOfPython());
  }

  @Test
  void names_ofOurs_exist() {
    assertThat(
            ROW.matcher(CHAPTER)
                .results()
                .flatMap(row -> OURS.matcher(row.group(2)).results())
                .filter(name -> !exists(name.group(1), name.group(2)))
                .map(name -> name.group()))
        .isEmpty();
  }

  private static List<String> namesOfPython() throws IOException {
    try (var names = Objects.requireNonNull(PythonNamesTest.class.getResourceAsStream(NAMES))) {
      return new String(names.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** As module and name: a section has the rows of a module, which is the first word above it. */
  private static List<String> rows() {
    var rows = new ArrayList<String>();
    var module = "";
    for (var line : CHAPTER.lines().toList()) {
      var row = ROW.matcher(line);
      if (line.startsWith("## ")) {
        module = line.split(" ", -1)[1];
      } else if (row.matches()) {
        rows.add(module + ' ' + row.group(1));
      }
    }
    return rows;
  }

  private static boolean exists(String type, String member) {
    return PACKAGES.stream()
        .flatMap(its -> find(its + type))
        .anyMatch(found -> member == null || hasMember(found, member));
  }

  private static Stream<Class<?>> find(String name) {
    try {
      return Stream.of(Class.forName(name, false, PythonNamesTest.class.getClassLoader()));
    } catch (ClassNotFoundException e) {
      return Stream.of();
    }
  }

  private static boolean hasMember(Class<?> type, String name) {
    Predicate<String> isIt = name::equals;
    return Arrays.stream(type.getMethods()).map(Method::getName).anyMatch(isIt)
        || Arrays.stream(type.getFields()).map(Field::getName).anyMatch(isIt)
        || Arrays.stream(type.getClasses()).map(Class::getSimpleName).anyMatch(isIt);
  }
}
