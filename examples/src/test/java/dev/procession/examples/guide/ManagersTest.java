package dev.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.Pool;
import dev.procession.manager.Manager;
import dev.procession.manager.ServedMap;
import dev.procession.manager.ServedQueue;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagersTest {
  private static final byte[] KEY = new byte[32];

  @TempDir private Path folder;

  @Test
  void map_ofSeveralProcesses() throws InterruptedException {
    var words = List.of("to", "be", "or", "not", "to", "be");
    try (var manager = Manager.start(); // a process of its own
        var pool = Pool.processes(4)) {
      ServedMap<String, Integer> counts = manager.map();
      pool.map(word -> counts.merge(word, 1, Integer::sum), words);
      IO.println(counts);
      assertThat(counts).containsEntry("to", 2).containsEntry("or", 1);
    }
  }

  @Test
  void queue_ofAnotherMachine() throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (var pool = Pool.threads(1)) {
      var served = pool.submit(() -> serve(address, KEY));
      Eventually.perform(() -> use(address, KEY));
      served.cancel(true);
    }
  }

  private static void serve(SocketAddress address, byte[] key) throws Exception {
    try (var manager = Manager.serve(address, o -> o.withKey(key))) {
      manager.bind("jobs", manager.queue());
      manager.join(Duration.ofDays(1));
    }
  }

  @SuppressWarnings("unchecked")
  private static void use(SocketAddress address, byte[] key) throws Exception {
    try (var manager = Manager.connect(address, o -> o.withKey(key))) {
      ServedQueue<String> jobs = manager.lookup("jobs", ServedQueue.class);
      jobs.put("hi");
      assertThat(jobs.take()).isEqualTo("hi");
    }
  }

  @Test
  void calls_thatDoNotWaitForEachOther() throws Exception {
    try (var manager = Manager.start()) {
      ServedMap<String, Integer> map = manager.map();
      List<String> list = manager.list();
      CompletableFuture<Integer> before = Manager.async(map, m -> m.put("key", 1));
      List<Object> results =
          Manager.batch( // one message
              () -> {
                map.put("a", 1);
                list.add("b");
              });

      assertThat(before.join()).isNull();
      assertThat(results).containsExactly(null, true);
    }
  }
}
