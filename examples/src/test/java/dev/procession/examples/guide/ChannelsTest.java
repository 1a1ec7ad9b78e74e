package dev.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.SharedName;
import dev.procession.channel.Connection;
import dev.procession.channel.Listener;
import dev.procession.channel.Pipe;
import dev.procession.channel.ProcessQueue;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ChannelsTest extends InOwnFolder {
  private static final byte[] KEY = new byte[32];

  private final List<String> processed = new ArrayList<>();

  private void process(String object) {
    processed.add(object);
  }

  @Test
  void name_ofAQueue() throws InterruptedException {
    try (var elsewhere = Pool.threads(1)) {
      var put = elsewhere.submit(() -> Eventually.perform(() -> put()));
      try (var queue = ProcessQueue.<String>open();
          var _ = SharedName.bind("jobs", queue)) { // or a lock, or anything that travels
        IO.println(queue.take());
      }
      put.join();
    }
  }

  @SuppressWarnings("unchecked")
  private static void put() throws InterruptedException {
    ProcessQueue<String> queue = SharedName.lookup("jobs", ProcessQueue.class);
    queue.put("hi");
  }

  @Test
  void queue_closedByItsProducer() throws InterruptedException {
    try (var queue = ProcessQueue.<String>open()) { // or open(capacity)
      var producer =
          ChildProcess.start(
              () -> {
                queue.put("hi");
                queue.close(); // nothing more will come
              });
      producer.join(); // before draining: fine
      IO.println(queue.take());
      assertThat(queue.isClosed()).isTrue();
    }
  }

  @Test
  void delivery_isAcknowledged() throws InterruptedException {
    try (var queue = ProcessQueue.<String>open()) {
      queue.put("work");
      try (var delivery = queue.takeDelivery()) {
        process(delivery.object()); // at least once: it may have been tried before
        delivery.acknowledge();
      } // an exception before gives it back
      assertThat(processed).containsExactly("work");
      assertThat(queue).isEmpty();
    }
  }

  @Test
  void pipe_thereAndBack() throws Exception {
    var pipe = Pipe.open(); // two ends; openOneWay() has one direction
    var mine = pipe.first();
    var yours = pipe.second();
    ChildProcess.start(() -> yours.send(yours.receive(String.class).toUpperCase(Locale.ROOT)));
    yours.close(); // the child's is now the only one
    mine.send("hello world");
    String answer = mine.receive(String.class);

    assertThat(answer).isEqualTo("HELLO WORLD");
    mine.close();
  }

  @Test
  void connection_betweenStrangers() throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (var pool = Pool.threads(1)) {
      var answered = pool.submit(() -> answer(address, KEY));
      Eventually.perform(() -> assertThat(ask(address, KEY)).isEqualTo("HELLO"));
      answered.join();
    }
  }

  private static void answer(SocketAddress address, byte[] key) throws Exception {
    try (var listener = Listener.open(address, o -> o.withKey(key));
        var connection = listener.accept()) {
      connection.send(connection.receive(String.class).toUpperCase(Locale.ROOT));
    }
  }

  private static String ask(SocketAddress address, byte[] key) throws Exception {
    try (var connection = Connection.connect(address, o -> o.withKey(key))) {
      connection.send("hello");
      return connection.receive(String.class);
    }
  }
}
