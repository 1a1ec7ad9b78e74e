package dev.procession.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.PoolStats;
import dev.procession.WorkerMemory;
import dev.procession.WorkerStats;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a pool is looked at, and what is added up. */
class RecentStatsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicInteger looks = new AtomicInteger();
  private final RecentStats recent = new RecentStats(now::get);

  @Test
  void of_severalTimesWithin100Milliseconds_looksOnce() {
    Snapshot first = look();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));

    assertThat(look()).isSameAs(first);
    assertThat(looks).hasValue(1);
  }

  @Test
  void of_later_looksAgain() {
    Snapshot first = look();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(101));

    assertThat(look()).isNotSameAs(first);
    assertThat(looks).hasValue(2);
  }

  @Test
  void busy_ofWorkersThatAreForgotten_stays() {
    assertThat(look(worker("a", 3), worker("b", 4)).busy()).isEqualTo(Duration.ofSeconds(7));
    assertThat(look(worker("b", 6), worker("c", 1)).busy()).isEqualTo(Duration.ofSeconds(10));
    assertThat(look(worker("c", 1)).busy()).isEqualTo(Duration.ofSeconds(10));
  }

  private Snapshot look(WorkerStats... workers) {
    if (workers.length > 0) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }
    return recent.of(
        () -> {
          looks.incrementAndGet();
          return new PoolStats(0, 0, 0, 0, Arrays.asList(workers));
        });
  }

  private static WorkerStats worker(String name, long busySeconds) {
    Duration busy = Duration.ofSeconds(busySeconds);
    return new WorkerStats(name, 1, true, 0, busy, busy, Optional.empty(), WorkerMemory.unknown());
  }
}
