package dev.procession.interpreter;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.Pool;
import dev.procession.channel.QueueClosedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues between interpreters. */
@Timeout(60)
class InterpreterQueueTest {
  private record Point(int x, int y) {}

  @Test
  void put_inAnInterpreter_isTakenOutsideInOrder() throws Exception {
    var queue = InterpreterQueue.<Point>open();
    try (Interpreter world = Interpreter.create()) {
      world.exec(
          () -> {
            for (int i = 0; i < 10; i++) {
              queue.put(new Point(i, -i));
            }
          });
      assertThat(queue).hasSize(10);
      for (int i = 0; i < 10; i++) {
        assertThat(queue.take()).isEqualTo(new Point(i, -i));
      }
      queue.put(new Point(7, 8));
      assertThat(world.<Integer>call(() -> queue.take().y())).isEqualTo(8);
    }
  }

  @Test
  void put_copies_alsoInOneInterpreter() {
    var queue = InterpreterQueue.<List<Point>>open();
    List<Point> points = new ArrayList<>(List.of(new Point(1, 2)));
    assertThat(queue.offer(points)).isTrue();
    points.clear();
    assertThat(queue.peek()).containsExactly(new Point(1, 2));
    assertThat(queue.poll()).containsExactly(new Point(1, 2));
    assertThat(queue.poll()).isNull();
    assertThat(queue.peek()).isNull();
  }

  @Test
  void put_cannotCross_saysWhat() {
    var queue = InterpreterQueue.<Object>open(1);
    assertThatThrownBy(() -> queue.put(List.of(new Object())))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("java.lang.Object");
    assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
    assertThat(queue.remainingCapacity()).isEqualTo(1);
  }

  @Test
  void memory_isTheSameWhereItIsTaken() throws Exception {
    record Block(MemorySegment memory) {}
    var queue = InterpreterQueue.<Block>open();
    try (Arena arena = Arena.ofShared();
        Interpreter world = Interpreter.create()) {
      MemorySegment memory = arena.allocate(8);
      queue.put(new Block(memory));
      world.exec(() -> queue.take().memory().set(ValueLayout.JAVA_LONG, 0, 5));
      assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(5);
    }
  }

  @Test
  void bounded_waitsForRoomInBothDirections() throws Exception {
    var queue = InterpreterQueue.<Integer>open(2);
    try (Interpreter world = Interpreter.create()) {
      assertThat(queue.capacity()).isEqualTo(2);
      assertThat(queue.offer(1)).isTrue();
      assertThat(queue.offer(2)).isTrue();
      assertThat(queue.offer(3)).isFalse();
      assertThat(queue.offer(3, 1, MILLISECONDS)).isFalse();
      Thread _ =
          world.callInThread(
              () -> {
                for (int i = 3; i <= 1_000; i++) {
                  queue.put(i);
                }
              });
      for (int i = 1; i <= 1_000; i++) {
        assertThat(queue.poll(30, SECONDS)).isEqualTo(i);
      }
      assertThat(queue.poll(1, MILLISECONDS)).isNull();
    }
  }

  @Test
  void many_putAndTakeInInterpreters_nothingIsLostOrTwice() throws Exception {
    var numbers = InterpreterQueue.<Integer>open(5);
    var taken = InterpreterQueue.<Integer>open();
    try (Pool pool = Pool.interpreters(4)) {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int k = 0; k < 2; k++) {
        int first = k * 1_000;
        all.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    numbers.put(first + i);
                  }
                }));
        all.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    taken.put(numbers.take());
                  }
                }));
      }
      for (CompletableFuture<?> future : all) {
        future.get(30, SECONDS);
      }
    }
    List<Integer> found = new ArrayList<>();
    assertThat(taken.drainTo(found)).isEqualTo(2_000);
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 2_000).boxed().toList());
  }

  @Test
  void of_findsItWhileItIsReferredTo() throws Exception {
    var queue = InterpreterQueue.<Integer>open();
    long id = queue.id();
    assertThat(InterpreterQueue.<Integer>of(id)).isSameAs(queue);
    try (Interpreter world = Interpreter.create()) {
      world.exec(() -> InterpreterQueue.<Integer>of(id).put(3));
      assertThat(world.<InterpreterQueue<Integer>>call(() -> queue)).isSameAs(queue);
    }
    assertThat(queue.take()).isEqualTo(3);
    assertThatThrownBy(() -> InterpreterQueue.of(-1)).isInstanceOf(QueueNotFoundException.class);
  }

  @Test
  void close_wakesWhoWaits() throws Exception {
    var queue = InterpreterQueue.<Integer>open();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    CountDownLatch ended = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      Thread.ofPlatform()
          .start(
              () -> {
                try {
                  queue.take();
                } catch (InterruptedException | RuntimeException e) {
                  failures.add(e);
                }
                ended.countDown();
              });
    }
    queue.close();
    assertThat(ended.await(30, SECONDS)).isTrue();
    assertThat(failures)
        .hasSize(2)
        .allSatisfy(failure -> assertThat(failure).isInstanceOf(QueueClosedException.class));
    assertThatThrownBy(() -> queue.put(1)).isInstanceOf(QueueClosedException.class);
  }

  @Test
  void close_itemsThatAreThere_canBeTaken() throws Exception {
    var queue = InterpreterQueue.<Integer>open();
    queue.put(1);
    queue.close();
    assertThat(queue.take()).isEqualTo(1);
    assertThatThrownBy(queue::take).isInstanceOf(QueueClosedException.class);
    assertThatThrownBy(queue::poll).isInstanceOf(QueueClosedException.class);
  }

  @Test
  void itemsOfAClosedInterpreter_areWhatIsChosen() throws Exception {
    var queue = InterpreterQueue.<Object>open(100, UnboundItems.MARK);
    try (Interpreter world = Interpreter.create()) {
      world.exec(
          () -> {
            queue.put("marked");
            queue.put("removed", UnboundItems.REMOVE);
            queue.offer("removed, too", 0, SECONDS, UnboundItems.REMOVE);
            queue.put("fails", UnboundItems.FAIL);
            queue.put("kept", UnboundItems.KEEP);
          });
      queue.put("ours");
      assertThat(queue).hasSize(6);
    }
    assertThat(queue).hasSize(4);
    assertThat(queue.take()).isEqualTo(InterpreterQueue.Unbound.UNBOUND);
    assertThatThrownBy(queue::take).isInstanceOf(ItemInterpreterClosedException.class);
    assertThat(queue.take()).isEqualTo("kept");
    assertThat(queue.take()).isEqualTo("ours");
    assertThat(queue.poll()).isNull();
  }

  @Test
  void itemsOfAClosedInterpreter_byDefault_stay() throws Exception {
    var queue = InterpreterQueue.<Point>open();
    try (Interpreter world = Interpreter.create()) {
      world.exec(() -> queue.put(new Point(1, 1)));
    }
    assertThat(queue.take()).isEqualTo(new Point(1, 1));
  }

  @Test
  void peek_whileOthersTake_seesAnItemOrNone() throws Exception {
    var queue = InterpreterQueue.<List<BigInteger>>open();
    Thread peeks =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!Thread.currentThread().isInterrupted()) {
                    List<BigInteger> seen = queue.peek();
                    assertThat(seen == null || seen.getFirst().equals(BigInteger.TWO)).isTrue();
                  }
                });
    for (int i = 0; i < 10_000; i++) {
      queue.put(List.of(BigInteger.TWO));
      assertThat(queue.take()).containsExactly(BigInteger.TWO);
    }
    assertThat(peeks.isAlive()).isTrue(); // it has not failed
    peeks.interrupt();
    peeks.join();
  }
}
