package dev.procession.benchmarks;

import dev.procession.Pool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A pool of two in a program that has just begun, from the first line of its main until each worker
 * has answered a no-op; against PP4J. Each time a new JVM, see {@link ColdProgram}.
 */
final class ColdPool implements Comparison {
  private static final Duration MAKING = Duration.ofSeconds(6);
  private static final double TARGET = 3;

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    String what = "pool of 2 in a fresh program, each answered a no-op";
    letTheCacheBeMade();
    try (Contenders contenders = new Contenders()) {
      contenders.add("with its AOT cache", () -> run("procession"));
      contenders.add("without", () -> run("procession", "-Ddev.procession.aot=off"));
      contenders.add("PP4J 2.2", () -> run("pp4j"));
      List<Measured> measured = contenders.measure(2, setting.turns(15));
      return List.of(
          Line.timesAsFast(what, measured.get(0), measured.get(2), TARGET),
          Line.timesAsFast(what, measured.get(1), measured.get(2), TARGET));
    }
  }

  /** The programs below end too soon for that. */
  private static void letTheCacheBeMade() throws InterruptedException {
    try (Pool _ = Pool.processes(1)) {
      Thread.sleep(MAKING);
    }
  }

  private static double run(String pool, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--enable-native-access=ALL-UNNAMED");
    Process process =
        Jvm.of(all, ColdProgram.class, pool).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("ended: pool=" + pool + ", status=" + status);
    }
    return Double.parseDouble(printed);
  }
}
