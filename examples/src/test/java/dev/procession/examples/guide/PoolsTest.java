package dev.procession.examples.guide;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.Broadcast;
import dev.procession.Pool;
import dev.procession.WorkerLocal;
import dev.procession.micrometer.PoolMetrics;
import dev.procession.progress.ConsoleProgress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PoolsTest {
  private static final Map<String, List<String>> FOLDERS =
      Map.of("all", List.of("left", "right"), "left", List.of(), "right", List.of("deep"));

  /** What a worker opens once. */
  private static final class Database implements AutoCloseable {
    static Database open(String url) {
      return new Database(url);
    }

    private final String url;

    private Database(String url) {
      this.url = url;
    }

    String nameOf(int id) {
      return url + '/' + id;
    }

    @Override
    public void close() {}
  }

  private static String slow() {
    return "later";
  }

  private static int parse(String line) {
    return Integer.parseInt(line);
  }

  private static List<String> foldersIn(String folder) {
    return FOLDERS.getOrDefault(folder, List.of());
  }

  private static long filesIn(String folder) {
    return folder.length();
  }

  static long size(Pool pool, String folder) throws Exception {
    var inside = pool.mapAsync(name -> size(pool, name), foldersIn(folder));
    return filesIn(folder) + inside.get().stream().mapToLong(n -> n).sum();
  }

  private static Map<String, Integer> readIndex() {
    return Map.of("one", 1, "two", 2);
  }

  @Test
  void pool_ofProcesses() throws InterruptedException {
    var lines = List.of("1", "2", "3");
    var numbers = new ArrayList<Integer>();
    try (var pool = Pool.processes(o -> o.withWorkers(4).withMaxHeap("512m"))) {
      List<Integer> squares = pool.map(n -> n * n, List.of(1, 2, 3));
      List<Integer> sums = pool.starmap((a, b) -> a + b, List.of(Map.entry(1, 2)));
      CompletableFuture<String> later = pool.submit(() -> slow());
      try (var results = pool.imap(line -> parse(line), lines)) {
        for (var result : results) {
          numbers.add(result);
        }
      }

      assertThat(squares).containsExactly(1, 4, 9);
      assertThat(sums).containsExactly(3);
      assertThat(later.join()).isEqualTo("later");
    }
    assertThat(numbers).containsExactly(1, 2, 3);
  }

  @Test
  void task_thatSubmitsTasks() throws Exception {
    try (var pool = Pool.processes(2)) {
      assertThat(pool.submit(() -> size(pool, "all")).get()).isEqualTo(16);
    }
  }

  @Test
  void value_thatWorkersKeep() throws InterruptedException {
    var url = "jdbc:names";
    var ids = List.of(1, 2);
    try (var pool = Pool.processes(2)) {
      var database = WorkerLocal.of(() -> Database.open(url));
      var names = pool.map(id -> database.get().nameOf(id), ids);

      assertThat(names).containsExactly("jdbc:names/1", "jdbc:names/2");
    }
  }

  @Test
  void value_thatAllWorkersRead() throws InterruptedException {
    var words = List.of("two", "one");
    try (var pool = Pool.processes(2)) {
      try (var index = Broadcast.of(readIndex())) {
        var found = pool.map(word -> index.value().get(word), words);
        assertThat(found).containsExactly(2, 1);
      }
    }
  }

  @Test
  void options_ofTasks() throws InterruptedException {
    var lines = List.of("4", "5");
    try (var pool = Pool.processes(2)) {
      var hasty =
          pool.with(
              t ->
                  t.withSoftTimeout(ofSeconds(5))
                      .withHardTimeout(ofSeconds(10))
                      .withLabel("parse"));
      var numbers = hasty.map(line -> parse(line), lines);

      assertThat(numbers).containsExactly(4, 5);
    }
  }

  @Test
  void metersAndProgressBars() throws Exception {
    var registry = new SimpleMeterRegistry();
    var lines = List.of("6", "7");
    try (var pool = Pool.processes(4);
        var metrics = PoolMetrics.of(pool, "numbers");
        var progress = ConsoleProgress.open("parse")) {
      metrics.bindTo(registry);
      List<Integer> numbers = pool.map(line -> parse(line), lines, progress);

      assertThat(numbers).containsExactly(6, 7);
      assertThat(registry.get("procession.pool.done").functionCounter().count()).isEqualTo(2);
    }
  }
}
