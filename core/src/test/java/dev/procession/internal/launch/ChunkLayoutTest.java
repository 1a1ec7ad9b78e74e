package dev.procession.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.segment.DyingBytes;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.testing.Rounds;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Claiming and taking back items of a chunk from two sides. */
class ChunkLayoutTest {
  private final SharedBytes bytes = SharedBytes.local(1024);

  private ChunkLayout chunk(int count) {
    ChunkLayout chunk = new ChunkLayout(bytes, 0, 0);
    chunk.initialize(1, 2, ChunkLayout.APPLY, true, false, count);
    return chunk;
  }

  @Test
  void claim_untilTheLimit_succeeds() {
    ChunkLayout chunk = chunk(3);

    assertThat(chunk.claim(0)).isTrue();
    assertThat(chunk.lower(2)).isEqualTo(2);
    assertThat(chunk.claim(1)).isTrue();
    assertThat(chunk.claim(2)).isFalse();
  }

  @Test
  void lower_belowWhatIsClaimed_takesNothingThatIsBegun() {
    ChunkLayout chunk = chunk(4);
    chunk.claim(0);
    chunk.claim(1);
    chunk.claim(2);

    assertThat(chunk.lower(1)).isEqualTo(3);
  }

  @Test
  void claim_workerDiesBeforeAnyStore_claimedSaysWhatItWasRunning() {
    int count = 6;
    for (int stores = 0; stores <= count; stores++) {
      for (int lowered = 0; lowered <= count; lowered++) {
        for (int limit = 0; limit <= count; limit++) {
          workerDies(stores, lowered, limit, count);
        }
      }
    }
  }

  /** A worker that dies before a store, and a parent that has taken back before an item. */
  private void workerDies(int stores, int lowered, int limit, int count) {
    ChunkLayout chunk = chunk(count);
    ChunkLayout worker = new ChunkLayout(new DyingBytes(bytes, stores), 0, 0);
    int[] takenFrom = {count};
    int[] ran = {0};
    boolean died =
        DyingBytes.dies(
            () -> {
              for (int item = 0; item < count; item++) {
                if (item == lowered) {
                  takenFrom[0] = chunk.lower(limit);
                }
                if (!worker.claim(item)) {
                  return;
                }
                ran[0]++;
              }
            });

    assertThat(ran[0]).isLessThanOrEqualTo(takenFrom[0]);
    if (died) {
      assertThat(chunk.claimed()).isEqualTo(stores).isEqualTo(ran[0]);
    } else {
      assertThat(ran[0]).isEqualTo(takenFrom[0]);
    }
  }

  @Test
  void claimAndLower_ofOneItem_itRunsOrIsTakenBackButNeverBoth() throws InterruptedException {
    ChunkLayout chunk = chunk(1);
    int[] from = {0};
    boolean[] ran = {false};

    Rounds.run(
        Duration.ofSeconds(1),
        () -> from[0] = chunk.lower(0),
        () -> ran[0] = chunk.claim(0),
        () -> {
          assertThat(ran[0] && from[0] == 0).as("ran although it was taken back").isFalse();
          chunk.initialize(1, 2, ChunkLayout.APPLY, true, false, 1);
        });
  }

  @Test
  void claimAndLower_atTheSameTime_everyItemRunsOrIsTakenBack() throws InterruptedException {
    int rounds = 20_000;
    int count = 16;
    AtomicInteger round = new AtomicInteger();
    AtomicInteger ran = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    ChunkLayout chunk = chunk(count);
    Thread worker =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int i = 1; i <= rounds; i++) {
                    while (round.get() != i) {
                      Thread.onSpinWait();
                    }
                    int item = 0;
                    while (item < count && chunk.claim(item)) {
                      item++;
                    }
                    ran.set(item);
                    done.set(i);
                  }
                });
    int takenSomething = 0;
    for (int i = 1; i <= rounds; i++) {
      chunk.initialize(1, 2, ChunkLayout.APPLY, true, false, count);
      round.set(i);
      int from = chunk.lower(i % count);
      while (done.get() != i) {
        Thread.onSpinWait();
      }
      // what ran is below what was taken back; the one between, if any, is known by now
      assertThat(ran.get()).isBetween(from - 1, from);
      takenSomething += from < count ? 1 : 0;
    }
    worker.join();
    assertThat(takenSomething).isPositive();
  }
}
