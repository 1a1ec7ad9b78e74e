package dev.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoggingTest {
  private static final Logger APPLICATION = Logger.getLogger("com.example.application");

  /** Keeps what is logged. */
  private static final class Keeper extends Handler {
    private final List<LogRecord> kept = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void publish(LogRecord logged) {
      kept.add(logged);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void forward_logsHereWhatWorkersLog() throws Exception {
    Keeper keeper = new Keeper();
    APPLICATION.addHandler(keeper);
    APPLICATION.setUseParentHandlers(false);
    try {
      try (var _ = Logging.forward();
          var pool = Pool.processes(2)) {
        pool.map(
            n -> {
              System.getLogger("com.example.application")
                  .log(System.Logger.Level.INFO, "item {0}", n);
              if (n == 7) {
                Logger.getLogger("com.example.application")
                    .log(Level.SEVERE, "bad", new IllegalStateException("seven"));
              }
              return n;
            },
            List.of(1, 2, 3, 4, 5, 6, 7, 8));
      }
      assertThat(keeper.kept).hasSize(9);
      assertThat(keeper.kept)
          .extracting(LogRecord::getMessage)
          .allMatch(message -> message.matches("\\[pool-\\d+ \\d+] (item \\d|bad)"));
      LogRecord bad =
          keeper.kept.stream()
              .filter(r -> r.getLevel().equals(Level.SEVERE))
              .findFirst()
              .orElseThrow();
      assertThat(bad.getThrown()).isInstanceOf(RemoteException.class).hasMessageContaining("seven");
    } finally {
      APPLICATION.removeHandler(keeper);
      APPLICATION.setUseParentHandlers(true);
    }
  }

  @Test
  void forward_closed_leavesWorkersAlone() throws Exception {
    try (var pool = opened()) {
      Integer one =
          pool.submit(
                  () -> {
                    System.getLogger("com.example").log(System.Logger.Level.INFO, "nobody");
                    return 1;
                  })
              .get();
      assertThat(one).isEqualTo(1);
    }
  }

  private static Pool opened() {
    try (var _ = Logging.forward()) {
      return Pool.processes(1);
    }
  }

  @Test
  void logToStderr_writesWholeLinesFromAllProcesses() throws Exception {
    try (var program =
        ChildProcess.start(
            o -> o.withOutput(Output.CAPTURED),
            () -> {
              Logging.logToStderr(System.Logger.Level.INFO);
              Logging.logToStderr(System.Logger.Level.DEBUG); // once, and from there on
              System.Logger logger = System.getLogger("dev.procession");
              logger.log(System.Logger.Level.DEBUG, "from the parent");
              logger.log(System.Logger.Level.TRACE, "too fine");
              try (var pool = Pool.processes(4)) {
                pool.map(
                    n -> {
                      System.getLogger("dev.procession")
                          .log(System.Logger.Level.WARNING, "line " + n + "\nand " + "x".repeat(n));
                      return n;
                    },
                    java.util.stream.IntStream.range(0, 400).boxed().toList());
              }
            })) {
      program.join();
      Pattern whole =
          Pattern.compile(
              "\\[(DEBUG/process-\\d+ \\d+] from the parent"
                  + "|WARNING/pool-\\d+ \\d+] line \\d+ and x*)");
      List<String> lines = program.errorOutput().lines().toList();
      assertThat(lines).hasSize(401).allMatch(line -> whole.matcher(line).matches());
      assertThat(program.errorOutput()).doesNotContain("too fine");
    }
  }
}
