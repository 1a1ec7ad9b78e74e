package dev.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.Pool;
import dev.procession.interpreter.Interpreter;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterpretersTest {
  private static final class Counter {
    private static int count;

    static int next() {
      return ++count;
    }
  }

  private static final class NotThreadSafe {
    private static final StringBuilder BUFFER = new StringBuilder();

    static String parse(String text) {
      BUFFER.setLength(0);
      return BUFFER.append(text).reverse().toString();
    }
  }

  @Test
  void statics_areThoseOfAnInterpreter() throws Exception {
    assertThat(Counter.next()).isEqualTo(1);
    try (var world = Interpreter.create()) {
      int first = world.call(() -> Counter.next()); // 1, whatever Counter says outside
      int second = world.call(() -> Counter.next()); // 2
      assertThat(List.of(first, second)).containsExactly(1, 2);
    }
    assertThat(Counter.next()).isEqualTo(2);
  }

  @Test
  void pool_ofInterpreters() throws InterruptedException {
    var texts = List.of("abc", "de");
    try (var pool = Pool.interpreters(4)) { // the same Pool; each worker has its own statics
      List<String> parsed = pool.map(text -> NotThreadSafe.parse(text), texts);
      assertThat(parsed).containsExactly("cba", "ed");
    }
  }
}
