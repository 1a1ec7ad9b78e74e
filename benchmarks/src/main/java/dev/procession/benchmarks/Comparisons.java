package dev.procession.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Compares the library with others, and prints a table. Arguments: names of comparisons, or none
 * for all. Environment: {@code PYTHON}, {@code CC}: commands of CPython 3.14 and a C compiler;
 * {@code TURNS}: a factor for how often everything is measured.
 */
public final class Comparisons {
  private static final Map<String, Comparison> ALL = all();

  private Comparisons() {}

  private static Map<String, Comparison> all() {
    Map<String, Comparison> all = new LinkedHashMap<>();
    all.put("spawn", new SpawnStart());
    all.put("standby", new StandbyStart());
    all.put("roundtrip", new RoundTrip());
    all.put("map", new WarmMap());
    all.put("submit", new Submits());
    all.put("pool", new PoolBehaviour());
    all.put("interpreters", new Interpreters());
    all.put("manager", new Managers());
    all.put("large", new LargeValue());
    all.put("lock", new UncontendedLock());
    all.put("pipe", new PipeRoundTrip());
    all.put("pingpong", new PingPong());
    all.put("queue", new QueueRate());
    all.put("gigabyte", new Gigabyte());
    all.put("memory", new IdleMemory());
    all.put("queued", new QueuedTasks());
    all.put("cold", new ColdPool());
    return all;
  }

  /** Measures and prints. */
  public static void main(String[] names)
      throws IOException, ExecutionException, InterruptedException {
    List<String> chosen = names.length == 0 ? List.copyOf(ALL.keySet()) : List.of(names);
    if (!ALL.keySet().containsAll(chosen)) {
      System.err.println("Comparisons: " + String.join(" ", ALL.keySet()));
      System.exit(2);
    }
    Setting setting = Setting.ofEnvironment();
    printMachine();
    System.out.println("| " + String.join(" | ", Line.HEADINGS) + " |");
    System.out.println("|---".repeat(Line.HEADINGS.size()) + "|");
    for (String name : chosen) {
      Comparison comparison = ALL.get(name);
      if (comparison != null) {
        comparison.measure(setting).forEach(line -> System.out.println(line.toMarkdown()));
      }
    }
  }

  private static void printMachine() throws IOException {
    System.out.println(
        cpu()
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors, "
            + System.getProperty("os.name")
            + ' '
            + System.getProperty("os.version")
            + "; "
            + System.getProperty("java.vm.name")
            + ' '
            + System.getProperty("java.vm.version")
            + ". Medians of interleaved runs, with quartiles.");
    System.out.println();
  }

  private static String cpu() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch", "");
    }
    for (String line : Files.readAllLines(info)) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 2);
      }
    }
    return System.getProperty("os.arch", "");
  }
}
