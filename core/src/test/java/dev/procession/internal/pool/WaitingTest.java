package dev.procession.internal.pool;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Threads that wait for outcomes, and are interrupted or have waited long enough. */
class WaitingTest {
  private final Window window = new Window("test", 4);
  private final TaskFuture<Integer> future = new TaskFuture<>(stop -> {}, new Completions());

  /** What a call returns or throws, when something happens while it waits. */
  private static Object outcomeOf(Callable<?> blocking, Consumer<Thread> event)
      throws InterruptedException {
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    outcome.set(blocking.call());
                  } catch (Throwable e) {
                    outcome.set(e);
                  }
                });
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    event.accept(thread);
    assertThat(thread.join(Duration.ofSeconds(10))).as("the wait ends").isTrue();
    return outcome.get();
  }

  private static Object interruptedInside(Callable<?> blocking) throws InterruptedException {
    return outcomeOf(blocking, Thread::interrupt);
  }

  private static Outcome five() {
    return new Outcome(0, 0, 5, null, null);
  }

  private void tell(int item) {
    window.ended(item, five());
    window.show();
  }

  @Test
  void take_interruptedWhileItWaits_throwsAndLosesNothing() throws Exception {
    int item = window.submit(1);

    assertThat(interruptedInside(window::take)).isInstanceOf(InterruptedException.class);

    tell(item);
    assertThat(window.take().value()).isEqualTo(5);
  }

  @Test
  void take_interruptedAndTheOutcomeIsThere_throwsAndLosesNothing() throws Exception {
    tell(window.submit(1));

    Thread.currentThread().interrupt();
    assertThatThrownBy(window::take).isInstanceOf(InterruptedException.class);

    assertThat(window.take().value()).isEqualTo(5);
  }

  @Test
  void take_outcomeComesWhileItWaits_returnsIt() throws Exception {
    int item = window.submit(1);

    assertThat(outcomeOf(() -> window.take().value(), thread -> tell(item))).isEqualTo(5);
  }

  @Test
  void get_settledWhileItWaits_returnsIt() throws Exception {
    assertThat(outcomeOf(future::get, thread -> future.settle(five()))).isEqualTo(5);
  }

  @Test
  void get_cancelledOrCompletedWhileItWaits_saysSo() throws Exception {
    TaskFuture<Integer> other = new TaskFuture<>(stop -> {}, new Completions());

    assertThat(outcomeOf(future::get, thread -> future.cancel(false)))
        .isInstanceOf(CancellationException.class);
    assertThat(outcomeOf(other::get, thread -> other.complete(6))).isEqualTo(6);
  }

  @Test
  void get_interruptedWhileItWaits_throwsAndTheOutcomeStillComes() throws Exception {
    assertThat(interruptedInside(future::get)).isInstanceOf(InterruptedException.class);
    assertThat(interruptedInside(() -> future.get(60, SECONDS)))
        .isInstanceOf(InterruptedException.class);

    future.settle(five());
    assertThat(future.get(10, SECONDS)).isEqualTo(5);
  }

  @Test
  void get_nothingComesInTime_throwsAndTheOutcomeStillComes() throws Exception {
    long start = System.nanoTime();
    assertThatThrownBy(() -> future.get(20, MILLISECONDS)).isInstanceOf(TimeoutException.class);
    assertThat(System.nanoTime() - start).isBetween(20_000_000L, SECONDS.toNanos(10));

    future.settle(five());
    assertThat(future.get(10, SECONDS)).isEqualTo(5);
  }
}
