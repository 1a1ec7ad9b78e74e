package dev.procession.benchmarks;

import dev.procession.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Executors of four threads, processes or interpreters, each opened, given work, and closed.
 * Against CPython's, the JDK's thread pool, and a task system with a JVM for tasks, which is up.
 */
final class ThreeExecutors implements Comparison {
  private static final int WORKERS = 4;
  private static final String JDK = "fixed thread pool of the JDK";
  private static final String HAZELCAST = "Hazelcast, its JVM is up";

  /** After which the JVMs that replace those taken are ready, and quiet. */
  private static final Duration SETTLE = Duration.ofMillis(1500);

  /** Who is compared with whom in a line. */
  private record Pair(ExecutorKind ours, String theirs) {}

  @Override
  public List<Line> measure(Setting setting)
      throws IOException, ExecutionException, InterruptedException {
    ChildProcess.prepare(WORKERS, options -> options);
    try (HazelcastMember member = HazelcastMember.start(WORKERS)) {
      List<Line> lines = new ArrayList<>();
      for (ExecutorWork work : ExecutorWork.values()) {
        lines.addAll(measure(setting, work, member));
      }
      return lines;
    } finally {
      ChildProcess.prepare(0, options -> options);
    }
  }

  private static List<Line> measure(Setting setting, ExecutorWork work, HazelcastMember member)
      throws IOException, ExecutionException, InterruptedException {
    List<Pair> pairs = new ArrayList<>();
    try (Contenders contenders = new Contenders()) {
      for (ExecutorKind kind : ExecutorKind.values()) {
        contenders.add(kind.title(), () -> ours(kind, work));
      }
      pairs.add(new Pair(ExecutorKind.THREAD, JDK));
      contenders.add(JDK, () -> threadPool(work));
      pairs.add(new Pair(ExecutorKind.SPAWN, HAZELCAST));
      contenders.add(HAZELCAST, () -> work.time(member.executor()));
      for (ExecutorKind kind : ExecutorKind.values()) {
        Optional<Peer> found = setting.python(script(kind, work));
        contenders.add("", found);
        found.ifPresent(peer -> pairs.add(new Pair(kind, peer.description())));
      }
      return lines(work, pairs, contenders.measure(2, setting.turns(9)));
    }
  }

  private static String script(ExecutorKind kind, ExecutorWork work) {
    return ("executor-" + kind + '-' + work).toLowerCase(Locale.ROOT);
  }

  private static List<Line> lines(ExecutorWork work, List<Pair> pairs, List<Measured> measured) {
    String what = work.title() + " in a pool of 4, with its start and end";
    Map<String, Measured> byName = new HashMap<>();
    measured.forEach(one -> byName.put(one.name(), one));
    List<Line> lines = new ArrayList<>();
    for (ExecutorKind kind : ExecutorKind.values()) {
      for (Pair pair : pairs) {
        Measured ours = byName.get(kind.title());
        Measured theirs = byName.get(pair.theirs());
        if (pair.ours() == kind && ours != null && theirs != null) {
          lines.add(line(what, work, kind, ours, theirs));
        }
      }
    }
    if (pairs.size() < 2 + ExecutorKind.values().length) {
      lines.add(Line.skipped(what, Setting.NO_PYTHON));
    }
    return lines;
  }

  private static Line line(
      String what, ExecutorWork work, ExecutorKind kind, Measured ours, Measured theirs) {
    return kind == ExecutorKind.INTERPRETER
        ? Line.timesAsFast(what, ours, theirs, work.interpretersGoal())
        : Line.forTheRecord(what, ours, theirs);
  }

  private static double ours(ExecutorKind kind, ExecutorWork work)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    try (ExecutorService pool = kind.open(WORKERS)) {
      work.run(pool);
    }
    long nanos = System.nanoTime() - begin;
    if (kind == ExecutorKind.FORKSERVER) {
      Thread.sleep(SETTLE);
    }
    return nanos;
  }

  private static double threadPool(ExecutorWork work)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    try (ExecutorService pool = Executors.newFixedThreadPool(WORKERS)) {
      work.run(pool);
    }
    return System.nanoTime() - begin;
  }
}
