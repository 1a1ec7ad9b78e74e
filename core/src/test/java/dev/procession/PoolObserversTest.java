package dev.procession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.testing.PoolKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who looks at a pool hears what happens in it, whatever its workers are. */
@ParameterizedClass(name = "{0}")
@EnumSource(PoolKind.class)
@Timeout(60)
class PoolObserversTest {
  @Parameter PoolKind kind;

  private static int fail() {
    throw new IllegalStateException("expected");
  }

  @Test
  void listener_hearsOfWorkersAndTasksInTheirOrder() throws Exception {
    List<PoolEvent> events = Collections.synchronizedList(new ArrayList<>());
    try (Pool pool = kind.open(o -> o.withWorkers(1).withName("crew").withListener(events::add))) {
      assertThat(pool.with(t -> t.withLabel("one")).submit(() -> 1).get(30, SECONDS)).isOne();
      Future<Integer> failing =
          pool.with(t -> t.withLabel("two").withRetry(2, e -> true)).submit(() -> fail());
      assertThatThrownBy(() -> failing.get(30, SECONDS)).hasMessageContaining("expected");
      assertThat(pool.with(t -> t.withLabel("sum")).map(n -> n + 1, List.of(1, 2))).hasSize(2);
    }

    assertThat(events.getFirst())
        .isInstanceOfSatisfying(
            PoolEvent.WorkerStarted.class,
            started -> assertThat(started.worker().name()).isEqualTo("crew-1"));
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            PoolEvent.WorkerEnded.class,
            ended -> {
              assertThat(ended.worker().alive()).isFalse();
              assertThat(ended.worker().tasks()).isEqualTo(5);
            });
    assertThat(events.subList(1, events.size() - 1))
        .startsWith(
            new PoolEvent.TaskEnded("one", false),
            new PoolEvent.TaskRetried("two", 1),
            new PoolEvent.TaskEnded("two", true))
        .hasSize(5);
  }

  @Test
  void listener_throwsOrIsSlow_thePoolGoesOn() throws Exception {
    List<PoolEvent> events = Collections.synchronizedList(new ArrayList<>());
    PoolListener slow =
        event -> {
          events.add(event);
          try {
            Thread.sleep(Duration.ofMillis(50));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new IllegalStateException("expected: a test listens badly");
        };
    try (Pool pool = kind.open(o -> o.withWorkers(1).withListener(slow))) {
      long start = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        assertThat(pool.submit(() -> 1).get(30, SECONDS)).isOne();
      }
      assertThat(events.size()).isLessThan(12);
      assertThat(System.nanoTime() - start).isPositive();
    }
    assertThat(events).hasSize(12);
  }

  @Test
  void listener_closesThePool_doesNotWaitForItself() throws Exception {
    AtomicReference<Pool> opened = new AtomicReference<>();
    CompletableFuture<Duration> closed = new CompletableFuture<>();
    PoolListener closing =
        event -> {
          Pool pool = opened.get();
          if (event instanceof PoolEvent.TaskEnded && pool != null) {
            long start = System.nanoTime();
            pool.close();
            closed.complete(Duration.ofNanos(System.nanoTime() - start));
          }
        };
    try (Pool pool = kind.open(o -> o.withWorkers(1).withListener(closing))) {
      opened.set(pool);
      assertThat(pool.submit(() -> 1).get(30, SECONDS)).isOne();
      assertThat(closed.get(30, SECONDS)).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void flightRecorder_hasTasksAndWorkers(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("recording.jfr");
    String name = "recorded-" + kind;
    try (Recording recording = new Recording()) {
      recording.start();
      try (Pool pool = kind.open(o -> o.withWorkers(1).withName(name))) {
        String mark = folder.resolve("mark").toString();
        Pool patient = pool.with(t -> t.withLabel("one").withRetry(2, failure -> true));
        assertThat(patient.submit(() -> succeedTheSecondTime(mark)).get(30, SECONDS)).isOne();
      }
      recording.stop();
      recording.dump(file);
    }

    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("dev.procession."))
            .filter(event -> name.equals(event.getString("pool")))
            .toList();
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .containsExactlyInAnyOrder(
            "dev.procession.WorkerStart",
            "dev.procession.TaskRetry",
            "dev.procession.Task",
            "dev.procession.WorkerEnd");
    assertThat(events)
        .filteredOn(event -> event.hasField("worker"))
        .hasSize(2)
        .allMatch(event -> event.getString("worker").equals(name + "-1"))
        .allMatch(event -> event.getLong("pid") > 0);
    assertThat(events)
        .filteredOn(event -> event.hasField("runs"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getString("task")).isEqualTo("one");
              assertThat(event.getInt("runs")).isOne();
            });
    assertThat(events)
        .filteredOn(event -> event.hasField("failed"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getString("task")).isEqualTo("one");
              assertThat(event.getBoolean("failed")).isFalse();
            });
  }

  private static int succeedTheSecondTime(String mark) throws IOException {
    if (!Files.exists(Path.of(mark))) {
      Files.createFile(Path.of(mark));
      throw new IOException("the first time");
    }
    return 1;
  }
}
