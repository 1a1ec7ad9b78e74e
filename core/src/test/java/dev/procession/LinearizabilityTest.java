package dev.procession;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.channel.ProcessQueue;
import dev.procession.sync.ProcessLock;
import dev.procession.sync.ProcessSemaphore;
import dev.procession.testing.History;
import dev.procession.testing.History.Operation;
import dev.procession.testing.History.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever threads of one process do at the same time to what is shared between processes has the
 * effect of doing it one after the other. With processes instead of threads: {@code HistoryTest}.
 */
@Timeout(120)
class LinearizabilityTest {
  private static final int SCENARIOS = 400;
  private static final int THREADS = 3;
  private static final int OPERATIONS = 4;
  private static final int CAPACITY = 2;
  private static final List<Integer> EMPTY = List.of();

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  private interface Opener<C extends AutoCloseable> {
    C open();
  }

  /**
   * Tries scenarios of random operations.
   *
   * @return the first that no order explains, or an empty text
   */
  private <C extends AutoCloseable, S> String findContradiction(
      S initial, Opener<C> opener, List<Function<C, Operation<S>>> operations) throws Exception {
    for (int scenario = 0; scenario < SCENARIOS; scenario++) {
      try (C object = opener.open()) {
        List<List<Operation<S>>> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          List<Operation<S>> mine = new ArrayList<>();
          for (int i = 0; i < OPERATIONS; i++) {
            mine.add(operations.get(random.nextInt(operations.size())).apply(object));
          }
          threads.add(mine);
        }
        History<S> history = new History<>();
        history.run(threads);
        if (object instanceof ProcessQueue<?> queue) {
          queue.clear(); // or its files stay for who would take the rest
        }
        if (!history.isLinearizable(initial)) {
          return history.toString();
        }
      }
    }
    return "";
  }

  // queue

  private Operation<List<Integer>> offer(ProcessQueue<Integer> queue) {
    int element = random.nextInt(5);
    return new Operation<>(
        "offer " + element,
        () -> queue.offer(element),
        state ->
            state.size() == CAPACITY
                ? new Result<>(false, state)
                : new Result<>(true, with(state, element)));
  }

  private static List<Integer> with(List<Integer> state, int element) {
    List<Integer> next = new ArrayList<>(state);
    next.add(element);
    return next;
  }

  private static Operation<List<Integer>> poll(ProcessQueue<Integer> queue) {
    return new Operation<>("poll", queue::poll, LinearizabilityTest::polled);
  }

  private static Result<List<Integer>> polled(List<Integer> state) {
    return state.isEmpty()
        ? new Result<>(null, state)
        : new Result<>(state.getFirst(), state.subList(1, state.size()));
  }

  private static Operation<List<Integer>> peek(ProcessQueue<Integer> queue) {
    return new Operation<>(
        "peek",
        queue::peek,
        state -> new Result<>(state.isEmpty() ? null : state.getFirst(), state));
  }

  @Test
  void queue_isLinearizable() throws Exception {
    assertThat(
            findContradiction(
                EMPTY,
                () -> ProcessQueue.<Integer>open(CAPACITY),
                List.of(this::offer, LinearizabilityTest::poll, LinearizabilityTest::peek)))
        .isEmpty();
  }

  /** Two threads may see the same before either takes it. */
  private static Operation<List<Integer>> peekAndPoll(ProcessQueue<Integer> queue) {
    return new Operation<>(
        "peek and poll",
        () -> {
          Integer next = queue.peek();
          return queue.poll() == null ? null : next;
        },
        LinearizabilityTest::polled);
  }

  @Test
  void queueThatIsNot_isFound() throws Exception {
    assertThat(
            findContradiction(
                EMPTY,
                () -> ProcessQueue.<Integer>open(CAPACITY),
                List.of(this::offer, LinearizabilityTest::peekAndPoll)))
        .isNotEmpty();
  }

  // semaphore

  @Test
  void semaphore_isLinearizable() throws Exception {
    assertThat(
            findContradiction(
                CAPACITY,
                () -> ProcessSemaphore.open(CAPACITY),
                List.of(
                    semaphore ->
                        new Operation<Integer>(
                            "tryAcquire",
                            semaphore::tryAcquire,
                            state ->
                                state == 0
                                    ? new Result<>(false, state)
                                    : new Result<>(true, state - 1)),
                    semaphore ->
                        new Operation<Integer>(
                            "release",
                            () -> {
                              semaphore.release();
                              return null;
                            },
                            state -> new Result<>(null, state + 1)),
                    semaphore ->
                        new Operation<Integer>(
                            "availablePermits",
                            semaphore::availablePermits,
                            state -> new Result<>(state, state)))))
        .isEmpty();
  }

  // lock

  @Test
  void lock_isLinearizable() throws Exception {
    assertThat(
            findContradiction(
                false,
                ProcessLock::open,
                List.of(
                    lock ->
                        new Operation<Boolean>(
                            "tryLock", lock::tryLock, state -> new Result<>(!state, true)),
                    lock ->
                        new Operation<Boolean>(
                            "unlock",
                            () -> {
                              lock.unlock();
                              return null;
                            },
                            state ->
                                new Result<>(
                                    state ? null : IllegalMonitorStateException.class, false)),
                    lock ->
                        new Operation<Boolean>(
                            "isLocked", lock::isLocked, state -> new Result<>(state, state)))))
        .isEmpty();
  }
}
