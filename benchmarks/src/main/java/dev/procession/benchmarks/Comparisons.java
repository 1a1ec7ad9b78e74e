package dev.procession.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Compares the library with others, and prints tables. Arguments: names of comparisons, or none for
 * all. Environment: {@code PYTHON}, {@code CC}: commands of CPython 3.14 and a C compiler; {@code
 * TURNS}: a factor for how often everything is measured; {@code RESULTS}: a folder for the page,
 * which by default is written only if all was measured.
 */
public final class Comparisons {
  private static final Map<String, Titled> ALL = all();

  private record Titled(String title, Comparison comparison) {}

  private Comparisons() {}

  private static Map<String, Titled> all() {
    Map<String, Titled> all = new LinkedHashMap<>();
    all.put("executors", new Titled("Three kinds of executor", new ThreeExecutors()));
    all.put("spawn", new Titled("Starting processes", new SpawnStart()));
    all.put("standby", new Titled("Processes on waiting JVMs", new StandbyStart()));
    all.put("cold", new Titled("A pool in a fresh program", new ColdPool()));
    all.put("roundtrip", new Titled("A task there and back", new RoundTrip()));
    all.put("submit", new Titled("Many small tasks", new Submits()));
    all.put("map", new Titled("A map of small tasks", new WarmMap()));
    all.put("pool", new Titled("What else a pool does", new PoolBehaviour()));
    all.put("interpreters", new Titled("Interpreters", new Interpreters()));
    all.put("pipe", new Titled("A number to another process and back", new PipeRoundTrip()));
    all.put("pingpong", new Titled("32 bytes there and back", new PingPong()));
    all.put("queue", new Titled("A queue between processes", new QueueRate()));
    all.put("large", new Titled("A large value there and back", new LargeValue()));
    all.put("gigabyte", new Titled("A gigabyte to another process", new Gigabyte()));
    all.put("lock", new Titled("A lock", new UncontendedLock()));
    all.put("counter", new Titled("A shared counter", new SharedCounter()));
    all.put("manager", new Titled("Managers", new Managers()));
    all.put("memory", new Titled("Memory of workers", new IdleMemory()));
    all.put("queued", new Titled("Memory of tasks", new QueuedTasks()));
    return all;
  }

  /** Measures and prints. */
  public static void main(String[] names)
      throws IOException, ExecutionException, InterruptedException {
    Set<String> chosen = names.length == 0 ? ALL.keySet() : Set.of(names);
    if (!ALL.keySet().containsAll(chosen)) {
      System.err.println("Comparisons: " + String.join(" ", ALL.keySet()));
      System.exit(2);
    }
    Instant begin = Clock.systemUTC().instant();
    Setting setting = Setting.ofEnvironment();
    Machine machine = Machine.here(setting.tools());
    System.out.println(machine.text() + ". Medians of interleaved runs, with quartiles.");
    List<Section> sections = new ArrayList<>();
    for (Map.Entry<String, Titled> entry : ALL.entrySet()) {
      if (chosen.contains(entry.getKey())) {
        Section section = section(entry.getKey(), entry.getValue(), setting);
        System.out.println('\n' + section.toMarkdown());
        sections.add(section);
      }
    }
    Instant end = Clock.systemUTC().instant();
    Recording recording =
        new Recording(
            end.truncatedTo(ChronoUnit.MINUTES).toString(),
            Duration.between(begin, end).toMinutes(),
            setting.turns(),
            machine,
            sections);
    String folder = folder(names.length == 0);
    if (!folder.isEmpty()) {
      Page.write(recording, Path.of(folder));
      System.out.println("Written to " + folder);
    }
    System.exit(0); // some of those compared with leave threads that would keep this JVM
  }

  private static Section section(String name, Titled titled, Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    return new Section(name, titled.title(), titled.comparison().measure(setting));
  }

  /** Where the page goes; empty for nowhere. */
  private static String folder(boolean isComplete) {
    String byDefault = isComplete ? System.getProperty("benchmarks.results", "") : "";
    return Objects.requireNonNullElse(System.getenv("RESULTS"), byDefault);
  }
}
