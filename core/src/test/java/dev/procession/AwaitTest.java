package dev.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for some of several futures. */
@Timeout(30)
class AwaitTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final CompletableFuture<Integer> one = new CompletableFuture<>();
  private final CompletableFuture<Integer> two = new CompletableFuture<>();

  private void soon(Runnable action) {
    CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS).execute(action);
  }

  @Test
  void await_firstCompleted_returnsWhenOneIsDone() throws Exception {
    soon(() -> two.complete(2));

    assertThat(Pool.await(List.of(one, two, one), ReturnWhen.FIRST_COMPLETED, LONG))
        .isEqualTo(new Awaited<>(List.of(two), List.of(one)));
  }

  @Test
  void await_firstException_returnsWhenOneHasFailed() throws Exception {
    one.cancel(false);
    soon(() -> two.completeExceptionally(new IllegalStateException()));
    var never = new CompletableFuture<Integer>();

    assertThat(Pool.await(List.of(one, two, never), ReturnWhen.FIRST_EXCEPTION, LONG))
        .isEqualTo(new Awaited<>(List.of(one, two), List.of(never)));
  }

  @Test
  void await_firstExceptionAndNoneFails_returnsWhenAllAreDone() throws Exception {
    one.complete(1);
    soon(() -> two.complete(2));

    assertThat(Pool.await(List.of(one, two), ReturnWhen.FIRST_EXCEPTION, LONG).notDone()).isEmpty();
  }

  @Test
  void await_allCompleted_returnsWhenAllAre() throws Exception {
    one.completeExceptionally(new IllegalStateException());
    soon(() -> two.complete(2));

    assertThat(Pool.await(List.of(one, two), ReturnWhen.ALL_COMPLETED, LONG).done())
        .containsExactly(one, two);
  }

  @Test
  void await_timeIsOver_isNoError() throws Exception {
    assertThat(Pool.await(List.of(one), ReturnWhen.ALL_COMPLETED, Duration.ofMillis(1)).notDone())
        .containsExactly(one);
    assertThat(Pool.await(List.of(one), ReturnWhen.ALL_COMPLETED, Duration.ZERO).done()).isEmpty();
    assertThat(one.getNumberOfDependents()).isZero();
  }

  @Test
  void await_none_returnsAtOnce() throws Exception {
    assertThat(Pool.await(List.<CompletableFuture<Integer>>of(), ReturnWhen.FIRST_COMPLETED, LONG))
        .isEqualTo(new Awaited<>(List.of(), List.of()));
  }
}
