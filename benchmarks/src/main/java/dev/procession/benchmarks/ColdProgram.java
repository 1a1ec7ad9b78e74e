package dev.procession.benchmarks;

import dev.procession.Pool;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import net.viktorc.pp4j.impl.JavaProcessPoolExecutor;
import net.viktorc.pp4j.impl.SimpleJavaProcessOptions;

/** Opens a pool of two of the kind that the argument says, and prints how long that took. */
public final class ColdProgram {
  private static final int WORKERS = 2;

  private ColdProgram() {}

  /** Opens the pool. */
  public static void main(String[] arguments) throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    if (arguments[0].equals("pp4j")) {
      pp4j(begin);
    } else {
      procession(begin);
    }
  }

  private static void procession(long begin) throws ExecutionException, InterruptedException {
    try (Pool pool = Pool.processes(WORKERS)) {
      Answers.fromAll(pool, WORKERS);
      print(begin);
    }
  }

  private static void pp4j(long begin) throws ExecutionException, InterruptedException {
    ExecutorService pool =
        new JavaProcessPoolExecutor(
            new SimpleJavaProcessOptions(0), WORKERS, WORKERS, 0, null, false);
    Answers.fromAll(pool, WORKERS);
    print(begin);
    pool.shutdown();
  }

  private static void print(long begin) {
    System.out.println(System.nanoTime() - begin);
  }
}
