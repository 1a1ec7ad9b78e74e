package dev.procession.progress;

import dev.procession.Pool;
import java.util.List;

/** A program with a bar on its standard error, for {@link StandardErrorTest}. */
final class SquaresProgram {
  private SquaresProgram() {}

  public static void main(String[] args) throws InterruptedException {
    try (var pool = Pool.threads(1);
        var progress = ConsoleProgress.open("square")) {
      List<Integer> squares = pool.map(n -> n * n, List.of(1, 2, 3), progress);
      System.out.println(squares);
    }
    boolean drawn =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().equals("ProgressBar"));
    System.out.println(drawn ? "drawn" : "quiet");
  }
}
