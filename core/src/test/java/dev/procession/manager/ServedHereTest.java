package dev.procession.manager;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.Pool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Objects that this process serves, and uses itself. */
@Timeout(60)
class ServedHereTest {
  private Manager manager;

  @BeforeEach
  void serve() throws Exception {
    manager = Manager.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), o -> o);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Not public, as in a source file without classes. */
  interface Counter {
    int next();

    CompletableFuture<List<Integer>> seen();
  }

  static final class Counting implements Counter {
    private final List<Integer> seen = new ArrayList<>();

    @Override
    public int next() {
      seen.add(seen.size() + 1);
      return seen.size();
    }

    @Override
    public CompletableFuture<List<Integer>> seen() {
      return CompletableFuture.completedFuture(seen);
    }
  }

  interface Settings {
    int level();

    void level(int level);
  }

  @Test
  void create_interfaceThatIsNotPublic_isCalled() throws Exception {
    Counter counter = manager.create(Counter.class, Counting::new);
    assertThat(counter.next()).isEqualTo(1);
    assertThat(Manager.async(counter, Counter::next).get(10, SECONDS)).isEqualTo(2);

    Settings settings = manager.namespace(Settings.class);
    settings.level(3);
    assertThat(settings.level()).isEqualTo(3);
  }

  @Test
  void call_returnsAFuture_itsValueIsACopy() throws Exception {
    Counter counter = manager.create(Counter.class, Counting::new);
    List<Integer> seen = counter.seen().get(10, SECONDS);
    counter.next();

    assertThat(seen).isEmpty();
    assertThat(counter.seen().get(10, SECONDS)).containsExactly(1);
  }

  @Test
  void pool_runsTasks() throws Exception {
    try (Pool pool = manager.pool(1)) {
      assertThat(pool.submit(() -> 42).get(20, SECONDS)).isEqualTo(42);
    }
  }

  @Test
  void join_byWhoIsConnectedToItself_isOverInTime() throws Exception {
    Manager connected = Manager.connect(manager.address(), o -> o);
    assertThat(connected.join(Duration.ofMillis(1))).isFalse();
    manager.close();
    assertThat(connected.join(Duration.ofSeconds(10))).isTrue();
  }
}
