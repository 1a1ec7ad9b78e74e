package dev.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Logging;
import dev.procession.Pool;
import dev.procession.ProcessOptions;
import dev.procession.StartMode;
import dev.procession.TaskNotSerializableException;
import dev.procession.function.SerializableFunction;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  private static int work() {
    return 42;
  }

  private static int work(int item) {
    System.getLogger("work").log(System.Logger.Level.DEBUG, "item {0}", item);
    return 2 * item;
  }

  @Test
  void start_andCall() throws InterruptedException {
    var child = ChildProcess.start(() -> IO.println("hello from " + ProcessHandle.current().pid()));
    child.join();

    int answer = ChildProcess.call(() -> 6 * 7).result().join();

    assertThat(child.failure()).isEmpty();
    assertThat(answer).isEqualTo(42);
  }

  @Test
  void start_withOptions() throws InterruptedException {
    UnaryOperator<ProcessOptions> small = o -> o.withMaxHeap("64m").withDaemon(true);
    var child = ChildProcess.start(small, () -> work());

    assertThat(child.isDaemon()).isTrue();
    child.join();
    assertThat(child.failure()).isEmpty();
  }

  @Test
  void lambda_ofWhichType() throws InterruptedException {
    SerializableFunction<String, Integer> length = s -> s.length(); // travels
    Function<String, Integer> plain = s -> s.length(); // does not

    try (var pool = Pool.processes(1)) {
      assertThat(pool.map(s -> length.apply(s), List.of("one"))).containsExactly(3);
      assertThatThrownBy(() -> pool.map(s -> plain.apply(s), List.of("one")))
          .isInstanceOf(TaskNotSerializableException.class);
    }
  }

  @Test
  void standby() throws InterruptedException {
    ChildProcess.prepare(2, o -> o); // returns when both are ready
    var child = ChildProcess.call(o -> o.withStartMode(StartMode.STANDBY), () -> work());

    assertThat(child.result().join()).isEqualTo(42);
    ChildProcess.prepare(0, o -> o);
  }

  @Test
  void logging_inOnePlace() throws InterruptedException {
    var items = List.of(1, 2, 3);
    try (var _ = Logging.forward(); // for processes that are started from here on
        var pool = Pool.processes(4)) {
      pool.map(item -> work(item), items); // what it logs from INFO on, is logged here
      assertThat(pool.stats().workers()).hasSize(4);
    }
  }
}
