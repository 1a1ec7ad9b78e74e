package dev.procession;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.procession.internal.segment.ByteCopy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the library, and which of them may know which. */
class ArchitectureTest {
  private static final String FUNCTION = "dev.procession.function";

  /** The packages of each room. All rooms may use {@link #FUNCTION}, which uses none. */
  private static final Map<String, Set<String>> ROOMS =
      Map.of(
          "management",
          Set.of("dev.procession.management"),
          "api",
          Set.of(
              "dev.procession",
              FUNCTION,
              "dev.procession.channel",
              "dev.procession.interpreter",
              "dev.procession.manager",
              "dev.procession.memory",
              "dev.procession.sync",
              "dev.procession.internal.channel",
              "dev.procession.internal.interpreter",
              "dev.procession.internal.logging",
              "dev.procession.internal.manager",
              "dev.procession.internal.pool",
              "dev.procession.internal.process",
              "dev.procession.internal.socket"),
          "shared",
          Set.of("dev.procession.internal.shared"),
          "launch",
          Set.of("dev.procession.internal.launch"),
          "codec",
          Set.of("dev.procession.internal.codec"),
          "ring",
          Set.of("dev.procession.internal.ring"),
          "segment",
          Set.of("dev.procession.internal.segment"),
          "os",
          Set.of("dev.procession.internal.os"),
          "worker",
          Set.of("dev.procession.internal.worker"));

  /** What only the room {@code os} may depend on. */
  private static final Set<String> SYSTEM_CLASSES =
      Set.of("java.lang.foreign.Linker", "java.lang.foreign.SymbolLookup", "sun.misc.Signal");

  /** A string constant which names one of the system's directories. */
  private static final Pattern SYSTEM_PATH = Pattern.compile("\"[^\"\\n]*(/proc/|/dev/shm)");

  private static final Path SOURCES = Path.of("src", "main", "java");

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.procession");

  @Test
  void everyPackageIsInARoom() {
    classes()
        .should()
        .resideInAnyPackage(
            ROOMS.values().stream().flatMap(Set::stream).distinct().toArray(String[]::new))
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  @Test
  void dependenciesPointDownwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("management")
        .definedBy(room("management"))
        .layer("worker")
        .definedBy(room("worker"))
        .layer("api")
        .definedBy(room("api"))
        .layer("shared")
        .definedBy(room("shared"))
        .layer("launch")
        .definedBy(room("launch"))
        .layer("codec")
        .definedBy(room("codec"))
        .layer("ring")
        .definedBy(room("ring"))
        .layer("segment")
        .definedBy(room("segment"))
        .layer("os")
        .definedBy(room("os"))
        .whereLayer("management")
        .mayOnlyAccessLayers("api")
        .whereLayer("worker")
        .mayOnlyAccessLayers("api", "shared", "launch", "codec", "ring", "segment", "os")
        .whereLayer("api")
        .mayOnlyAccessLayers("shared", "launch", "codec", "ring", "segment", "os")
        .whereLayer("shared")
        .mayOnlyAccessLayers("segment", "os")
        .whereLayer("launch")
        .mayOnlyAccessLayers("codec", "ring", "segment", "os")
        .whereLayer("codec")
        .mayOnlyAccessLayers("segment", "os")
        .whereLayer("ring")
        .mayOnlyAccessLayers("segment", "os")
        .whereLayer("segment")
        .mayOnlyAccessLayers("os")
        .whereLayer("os")
        .mayNotAccessAnyLayer()
        .ignoreDependency(
            DescribedPredicate.alwaysTrue(), JavaClass.Predicates.resideInAPackage(FUNCTION))
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  @Test
  void roomsAreFreeOfCycles() {
    slices()
        .assignedFrom(new RoomAssignment())
        .should()
        .beFreeOfCycles()
        .ignoreDependency(
            DescribedPredicate.alwaysTrue(), JavaClass.Predicates.resideInAPackage(FUNCTION))
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  @Test
  void functionsDependOnNothing() {
    noClasses()
        .that()
        .resideInAPackage(FUNCTION)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("dev.procession..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(FUNCTION))))
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  /** Why is told by {@link ByteCopy}. */
  @Test
  void bytesAreNotCopiedByTheJdksLoop() {
    noClasses()
        .should()
        .callMethod(MemorySegment.class, "copyFrom", MemorySegment.class)
        .orShould()
        .callMethod(
            MemorySegment.class,
            "copy",
            MemorySegment.class,
            long.class,
            MemorySegment.class,
            long.class,
            long.class)
        .check(LIBRARY);
  }

  @Test
  void publicSignaturesHideTheInside() {
    classes()
        .that()
        .resideInAnyPackage(
            "dev.procession",
            FUNCTION,
            "dev.procession.channel",
            "dev.procession.interpreter",
            "dev.procession.memory",
            "dev.procession.sync")
        .should(new MentionNothingInternal())
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  @Test
  void onlyOsKnowsTheSystemsFunctions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.procession.internal.os")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are " + SYSTEM_CLASSES, target -> SYSTEM_CLASSES.contains(target.getName())))
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  @Test
  void onlyOsKnowsTheSystemsPaths() throws IOException {
    List<String> found = new ArrayList<>();
    Path os = SOURCES.resolve(Path.of("dev", "procession", "internal", "os"));
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file :
          files.filter(f -> f.toString().endsWith(".java") && !f.startsWith(os)).toList()) {
        Matcher matcher = SYSTEM_PATH.matcher(Files.readString(file));
        while (matcher.find()) {
          found.add(file + ": " + matcher.group());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static DescribedPredicate<JavaClass> room(String name) {
    return DescribedPredicate.describe(
        "are in the room " + name,
        javaClass -> ROOMS.get(name).contains(javaClass.getPackageName()));
  }

  private static final class RoomAssignment implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return ROOMS.entrySet().stream()
          .filter(room -> room.getValue().contains(javaClass.getPackageName()))
          .map(room -> SliceIdentifier.of(room.getKey()))
          .findFirst()
          .orElseGet(SliceIdentifier::ignore);
    }

    @Override
    public String getDescription() {
      return "rooms";
    }
  }

  /** For public classes: supertypes and the signatures of public and protected members. */
  private static final class MentionNothingInternal extends ArchCondition<JavaClass> {
    MentionNothingInternal() {
      super("mention nothing from dev.procession.internal in a public signature");
    }

    @Override
    public void check(JavaClass javaClass, ConditionEvents events) {
      if (!isVisible(javaClass)) {
        return;
      }
      List<JavaType> superTypes = new ArrayList<>(javaClass.getInterfaces());
      javaClass.getSuperclass().ifPresent(superTypes::add);
      superTypes.addAll(javaClass.getTypeParameters());
      report(javaClass, javaClass, superTypes, events);
      for (JavaMember member : javaClass.getMembers()) {
        if (isVisible(member.getModifiers())) {
          report(javaClass, member, types(member), events);
        }
      }
    }

    private static boolean isVisible(JavaClass javaClass) {
      return isVisible(javaClass.getModifiers())
          && javaClass.getEnclosingClass().map(MentionNothingInternal::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
      return !modifiers.contains(JavaModifier.SYNTHETIC)
          && (modifiers.contains(JavaModifier.PUBLIC)
              || modifiers.contains(JavaModifier.PROTECTED));
    }

    private static List<JavaType> types(JavaMember member) {
      List<JavaType> types = new ArrayList<>();
      switch (member) {
        case JavaField field -> types.add(field.getType());
        case JavaCodeUnit code -> {
          types.add(code.getReturnType());
          types.addAll(code.getParameterTypes());
          types.addAll(code.getTypeParameters());
          types.addAll(code.getExceptionTypes());
        }
        default -> throw new AssertionError(member);
      }
      return types;
    }

    private static void report(
        JavaClass owner, HasName.AndFullName where, List<JavaType> types, ConditionEvents events) {
      types.stream()
          .flatMap(type -> type.getAllInvolvedRawTypes().stream())
          .filter(
              type ->
                  type.getBaseComponentType()
                      .getPackageName()
                      .startsWith("dev.procession.internal"))
          .distinct()
          .forEach(
              type ->
                  events.add(
                      SimpleConditionEvent.violated(
                          owner, where.getFullName() + " mentions " + type.getName())));
    }
  }
}
