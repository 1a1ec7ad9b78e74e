package dev.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.channel.MessageNotSerializableException;
import dev.procession.function.SerializableCallable;
import dev.procession.memory.SharedLong;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BroadcastTest {
  private static String pathOf(Broadcast<?> broadcast) {
    String text = broadcast.toString();
    return text.substring(text.indexOf('[') + 1, text.indexOf(']'));
  }

  @Test
  void of_whatCannotTravel_isRefusedAndLeavesNothing() {
    assertThatThrownBy(() -> Broadcast.of(new Object()))
        .isInstanceOf(MessageNotSerializableException.class);
    assertThatThrownBy(() -> Broadcast.of(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void value_here_isTheObjectItself() {
    List<String> list = List.of("one");
    try (var broadcast = Broadcast.of(list)) {
      assertThat(broadcast.value()).isSameAs(list);
    }
  }

  @Test
  void value_thatHasComeBack_isTheObjectItself() throws Exception {
    try (var broadcast = Broadcast.of(List.of("one"));
        var pool = Pool.processes(1)) {
      assertThat(pool.submit(() -> broadcast).get()).isSameAs(broadcast);
    }
  }

  @Test
  void close_endsItAndItsFile() {
    var broadcast = Broadcast.of("word");
    assertThat(Path.of(pathOf(broadcast))).exists();
    broadcast.close();
    broadcast.close();

    assertThat(Path.of(pathOf(broadcast))).doesNotExist();
    assertThatThrownBy(broadcast::value).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ChildProcess.start(() -> broadcast.value()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void value_largeAndWithHandles_arrives() throws Exception {
    byte[] large = new byte[9 << 20];
    large[large.length - 1] = 7;
    record Table(List<byte[]> rows, SharedLong used) {}
    try (var used = SharedLong.open(0);
        var broadcast = Broadcast.of(new Table(List.of(large), used));
        var pool = Pool.processes(1)) {
      SerializableCallable<Byte> last =
          () -> {
            broadcast.value().used().incrementAndGet();
            return broadcast.value().rows().getFirst()[(9 << 20) - 1];
          };
      assertThat(pool.submit(last).get()).isEqualTo((byte) 7);
      assertThat(used.get()).isOne();
    }
  }
}
