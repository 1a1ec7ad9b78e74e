package dev.procession.channel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.function.SerializableCallable;
import dev.procession.testing.Aside;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessQueueTest {
  @Test
  void put_andTake_inOneProcess_areInOrderAndCopies() throws Exception {
    try (var queue = ProcessQueue.<List<Integer>>open()) {
      List<Integer> first = new ArrayList<>(List.of(1));
      queue.put(first);
      first.add(2);
      queue.put(List.of(3));

      assertThat(queue.size()).isEqualTo(2);
      assertThat(queue.isEmpty()).isFalse();
      assertThat(queue.peek()).containsExactly(1);
      assertThat(queue.take()).containsExactly(1);
      assertThat(queue.poll()).containsExactly(3);
      assertThat(queue.poll()).isNull();
      assertThat(queue.poll(20, MILLISECONDS)).isNull();
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  @Test
  void put_inAChild_joinedBeforeDraining_doesNotHang() throws Exception {
    int count = 50_000;
    try (var queue = ProcessQueue.<String>open()) {
      var child =
          ChildProcess.start(
              () -> {
                for (int i = 0; i < count; i++) {
                  queue.put("a message of some length, so that they are many bytes, " + i);
                }
              });
      child.join();
      assertThat(child.failure()).isEmpty();
      assertThat(queue.size()).isEqualTo(count);
      for (int i = 0; i < count; i++) {
        assertThat(queue.take()).endsWith(" " + i);
      }
      assertThat(queue.size()).isZero();
    }
  }

  @Test
  void putters_andTakersInManyProcesses_everyObjectArrivesOnce() throws Exception {
    int each = 5_000;
    try (var queue = ProcessQueue.<Integer>open(100);
        var pool = Pool.processes(4)) {
      List<Future<Integer>> putters = new ArrayList<>();
      List<Future<Set<Integer>>> takers = new ArrayList<>();
      for (int worker = 0; worker < 2; worker++) {
        int base = worker * each;
        putters.add(
            pool.submit(
                (SerializableCallable<Integer>)
                    () -> {
                      for (int i = 0; i < each; i++) {
                        queue.put(base + i);
                      }
                      return each;
                    }));
        takers.add(
            pool.submit(
                (SerializableCallable<Set<Integer>>)
                    () -> {
                      Set<Integer> taken = new HashSet<>();
                      try {
                        while (true) {
                          taken.add(queue.take());
                        }
                      } catch (QueueClosedException e) {
                        return taken;
                      }
                    }));
      }
      for (Future<Integer> putter : putters) {
        assertThat(putter.get(30, SECONDS)).isEqualTo(each);
      }
      queue.close();
      Set<Integer> all = new HashSet<>();
      int sum = 0;
      for (Future<Set<Integer>> taker : takers) {
        Set<Integer> taken = taker.get(30, SECONDS);
        sum += taken.size();
        all.addAll(taken);
      }
      assertThat(sum).isEqualTo(2 * each);
      assertThat(all).hasSize(2 * each);
    }
  }

  @Test
  void put_intoAFullOne_waitsUntilSomethingIsTaken() throws Exception {
    try (var queue = ProcessQueue.<Integer>open(2)) {
      queue.put(1);
      queue.put(2);
      assertThat(queue.offer(3)).isFalse();
      assertThat(queue.offer(3, 20, MILLISECONDS)).isFalse();
      assertThat(queue.remainingCapacity()).isZero();
      CompletableFuture<Void> putting =
          CompletableFuture.runAsync(
              () -> {
                try {
                  queue.put(3);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(queue.take()).isEqualTo(1);
      putting.get(5, SECONDS);
      assertThat(queue.take()).isEqualTo(2);
      assertThat(queue.take()).isEqualTo(3);
    }
  }

  @Test
  void take_interrupted_losesNothing() throws Exception {
    try (var queue = ProcessQueue.<Integer>open()) {
      Thread taker =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      queue.take();
                    } catch (InterruptedException e) {
                      return;
                    }
                  });
      taker.interrupt();
      assertThat(taker.join(Duration.ofSeconds(5))).isTrue();
      queue.put(1);

      assertThat(queue.take()).isEqualTo(1);
    }
  }

  @Test
  void close_wakesWhoWaits_andLetsTheRestBeTaken() throws Exception {
    var queue = ProcessQueue.<Integer>open();
    CompletableFuture<Integer> taking = Aside.run(() -> queue.take());
    try (var child = ChildProcess.start(() -> queue.close())) {
      child.join();
    }
    assertThatThrownBy(() -> taking.get(5, SECONDS)).hasCauseInstanceOf(QueueClosedException.class);
    assertThatThrownBy(() -> queue.put(1)).isInstanceOf(QueueClosedException.class);

    var other = ProcessQueue.<Integer>open();
    other.put(1);
    other.close();
    other.close();
    assertThat(other.take()).isEqualTo(1);
    assertThatThrownBy(other::take).isInstanceOf(QueueClosedException.class);
    assertThatThrownBy(other::poll).isInstanceOf(QueueClosedException.class);
  }

  @Test
  void poll_whileTheOwnerOfTheEndIsStopped_holdsItsTime() throws Exception {
    try (var queue = ProcessQueue.<Integer>open()) {
      var taker =
          ChildProcess.start(
              () -> {
                while (true) {
                  queue.poll();
                }
              });
      ProcessHandle handle = ProcessHandle.of(taker.pid()).orElseThrow();
      signal("STOP", handle.pid());
      long start = System.nanoTime();
      assertThat(queue.poll(200, MILLISECONDS)).isNull(); // it may own the end that is taken from
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      taker.kill();
      taker.join();
      queue.put(1);
      assertThat(queue.poll(2, SECONDS)).isEqualTo(1);
    }
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
        .isZero();
  }

  @Test
  void put_cannotTravel_isThrownThereAndNothingIsPut() throws Exception {
    try (var queue = ProcessQueue.<Object>open()) {
      assertThatThrownBy(() -> queue.put(new Thread()))
          .isInstanceOf(MessageNotSerializableException.class)
          .hasMessageContaining("Thread");
      assertThatThrownBy(() -> queue.putAll(List.of(1, new Thread())))
          .isInstanceOf(MessageNotSerializableException.class);
      assertThat(queue.size()).isZero();
      queue.put(Map.of("a", 1));
      assertThat(queue.take()).isEqualTo(Map.of("a", 1));
    }
  }

  @Test
  void put_largeObjectsAndLambdas_travel() throws Exception {
    try (var queue = ProcessQueue.<Object>open()) {
      int captured = 3;
      SerializableCallable<Integer> lambda = () -> captured + 1;
      byte[] large = new byte[20 << 20];
      large[large.length - 1] = 7;
      var child =
          ChildProcess.start(
              () -> {
                queue.put(lambda);
                queue.put(large);
              });
      child.join();
      assertThat(child.failure()).isEmpty();
      assertThat(((SerializableCallable<?>) queue.take()).call()).isEqualTo(4);
      assertThat((byte[]) queue.take()).hasSize(20 << 20).endsWith((byte) 7);
    }
  }

  @Test
  void putAll_andDrainTo_inBatches() throws Exception {
    try (var queue = ProcessQueue.<Integer>open()) {
      List<Integer> numbers = IntStream.range(0, 100_000).boxed().toList();
      queue.putAll(numbers);
      List<Integer> drained = new ArrayList<>();
      assertThat(queue.drainTo(drained, 10)).isEqualTo(10);
      while (queue.drainTo(drained, 1000) > 0) {
        assertThat(drained.size()).isLessThanOrEqualTo(100_000);
      }
      assertThat(drained).isEqualTo(numbers);
    }
  }

  @Test
  void taskDone_ofAll_endsTheWait() throws Exception {
    try (var queue = ProcessQueue.<Integer>open()) {
      queue.put(1);
      queue.put(2);
      assertThat(queue.awaitDone(20, MILLISECONDS)).isFalse();
      var child =
          ChildProcess.start(
              () -> {
                for (int i = 0; i < 2; i++) {
                  queue.take();
                  queue.taskDone();
                }
              });
      queue.awaitDone();
      child.join();
      assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void putters_andTakersAreKilled_othersGoOnAndNothingIsThereTwice() throws Exception {
    try (var queue = ProcessQueue.<Integer>open(50);
        var numbers = ProcessQueue.<Integer>open()) {
      List<ChildProcess<?>> victims = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int base = (i + 1) * 100_000_000;
        victims.add(
            ChildProcess.start(
                () -> {
                  for (int n = base; ; n++) {
                    queue.put(n);
                  }
                }));
        victims.add(
            ChildProcess.start(
                () -> {
                  while (true) {
                    queue.take();
                  }
                }));
      }
      Thread.sleep(300);
      for (ChildProcess<?> victim : victims) {
        victim.kill();
        Thread.sleep(20);
      }
      for (ChildProcess<?> victim : victims) {
        victim.join();
      }
      List<Integer> rest = new ArrayList<>();
      Integer next = queue.poll(2, SECONDS);
      while (next != null) {
        rest.add(next);
        next = queue.poll();
      }
      assertThat(rest).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(50);
      assertThat(queue.size()).isZero();
      assertThat(queue.offer(1)).isTrue();
      assertThat(queue.poll()).isEqualTo(1);
    }
  }

  // acknowledging

  @Test
  void takeDelivery_acknowledged_isGoneAndLeavesNoFile() throws Exception {
    try (var queue = ProcessQueue.<String>open()) {
      queue.put("one");
      queue.put("two");
      try (var first = queue.takeDelivery();
          var second = queue.pollDelivery(0, SECONDS)) {
        assertThat(first.object()).isEqualTo("one");
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(second.object()).isEqualTo("two");
        assertThat(queue.size()).isZero();
        assertThat(queue.pollDelivery(20, MILLISECONDS)).isNull();
        second.acknowledge();
        second.acknowledge();
        first.acknowledge();
      }
      assertThat(queue.poll(300, MILLISECONDS)).isNull();
    }
  }

  @Test
  void close_ofADelivery_givesItToWhoeverIsNext() throws Exception {
    try (var queue = ProcessQueue.<String>open()) {
      queue.put("one");
      queue.put("two");
      Delivery<String> given = queue.takeDelivery();
      given.close();
      given.close();
      assertThatThrownBy(() -> given.acknowledge()).isInstanceOf(IllegalStateException.class);
      Set<String> taken = new HashSet<>();
      try (var delivery = queue.takeDelivery()) {
        taken.add(delivery.object());
        delivery.acknowledge();
      }
      taken.add(queue.poll(5, SECONDS));
      assertThat(taken).containsExactlyInAnyOrder("one", "two");
      assertThat(queue.poll(300, MILLISECONDS)).isNull();

      queue.put("three");
      queue.takeDelivery().close();
      try (var again = queue.takeDelivery()) {
        assertThat(again.object()).isEqualTo("three");
        assertThat(again.attempt()).isEqualTo(2);
        again.acknowledge();
      }
    }
  }

  @Test
  void takeDelivery_takerIsKilled_anotherGetsIt() throws Exception {
    try (var queue = ProcessQueue.<String>open();
        var told = ProcessQueue.<String>open()) {
      for (int i = 0; i < 10; i++) {
        queue.put("job " + i);
      }
      var victim =
          ChildProcess.start(
              options -> options.withDaemon(true),
              () -> {
                queue.takeDelivery().acknowledge();
                for (int i = 0; i < 3; i++) {
                  told.put(queue.takeDelivery().object());
                }
                told.put(queue.take());
                Thread.sleep(Duration.ofHours(1));
              });
      Set<String> lost = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        lost.add(told.take());
      }
      assertThat(lost).containsExactlyInAnyOrder("job 1", "job 2", "job 3");
      assertThat(told.take()).isEqualTo("job 4");
      queue.close();
      victim.kill();
      victim.join();
      long ended = System.nanoTime();
      Set<String> rest = new HashSet<>();
      while (!lost.isEmpty()) {
        try (var delivery = queue.takeDelivery()) {
          if (lost.remove(delivery.object())) {
            assertThat(delivery.attempt()).isEqualTo(2);
          } else {
            rest.add(delivery.object());
          }
          delivery.acknowledge();
        }
      }
      assertThat(Duration.ofNanos(System.nanoTime() - ended)).isLessThan(Duration.ofSeconds(1));
      while (rest.size() < 5) {
        rest.add(queue.take());
      }
      assertThat(rest).containsExactlyInAnyOrder("job 5", "job 6", "job 7", "job 8", "job 9");
      assertThatThrownBy(() -> queue.take()).isInstanceOf(QueueClosedException.class);
    }
  }

  @Test
  void take_behindATakerThatDiedWhileItKeptARecord_getsTheRecordOnce() throws Exception {
    try (var queue = ProcessQueue.<String>open()) {
      queue.put("one");
      queue.put("two");
      try (var one = queue.takeDelivery()) {
        // what it leaves that dies between keeping the second and taking it
        Path kept = keptFile();
        String second = kept.getFileName().toString().replaceFirst("1$", "2");
        Files.write(kept.resolveSibling(second), new byte[24]);
        assertThat(queue.take()).isEqualTo("two");
        assertThat(queue.poll(300, MILLISECONDS)).isNull();
        one.acknowledge();
      }
    }
  }

  /** The only one of this process. */
  private static Path keptFile() throws Exception {
    String mine = "procession-" + ProcessHandle.current().pid() + "-";
    try (var files = Files.newDirectoryStream(Path.of("/dev/shm"), mine + "*.kept-*")) {
      return files.iterator().next();
    }
  }

  @Test
  void take_ofAClosedQueueWithADeliveryOut_waitsForIt() throws Exception {
    try (var queue = ProcessQueue.<String>open()) {
      queue.put("one");
      Delivery<String> out = queue.takeDelivery();
      queue.close();
      CompletableFuture<String> waiting = Aside.run(() -> queue.take());
      assertThat(queue.poll(20, MILLISECONDS)).isNull();
      out.close();
      assertThat(waiting.get(5, SECONDS)).isEqualTo("one");
      assertThatThrownBy(() -> queue.take()).isInstanceOf(QueueClosedException.class);
    }
  }

  @Test
  void queue_besideSomethingThatCannotTravel_isNotBlamed() {
    try (var queue = ProcessQueue.open();
        var other = ProcessQueue.open()) {
      assertThatThrownBy(() -> other.put(new Object[] {queue, new Object()}))
          .isInstanceOf(MessageNotSerializableException.class)
          .hasMessageContaining("java.lang.Object");
    }
  }

  @Test
  void takers_withDeliveriesAreKilledOverAndOver_everyObjectIsProcessed() throws Exception {
    int count = 300;
    try (var queue = ProcessQueue.<Integer>open();
        var done = ProcessQueue.<Integer>open()) {
      for (int i = 0; i < count; i++) {
        queue.put(i);
      }
      Set<Integer> processed = new HashSet<>();
      for (int round = 0; processed.size() < count; round++) {
        var worker =
            ChildProcess.start(
                options -> options.withDaemon(true),
                () -> {
                  while (true) {
                    try (var delivery = queue.takeDelivery()) {
                      done.put(delivery.object());
                      delivery.acknowledge();
                    }
                  }
                });
        int wanted = processed.size() + (round < 5 ? 30 : count);
        while (processed.size() < Math.min(wanted, count)) {
          processed.add(done.take());
        }
        worker.kill();
        worker.join();
        List<Integer> more = new ArrayList<>();
        done.drainTo(more);
        processed.addAll(more);
      }
      assertThat(processed).hasSize(count);
      queue.close();
      assertThatThrownBy(
              () -> {
                while (true) {
                  processed.add(queue.take()); // processed, and not acknowledged in time
                }
              })
          .isInstanceOf(QueueClosedException.class);
      assertThat(processed).hasSize(count);
    }
  }
}
