package dev.procession.internal.manager;

import dev.procession.channel.Connection;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.launch.ProgramKey;
import dev.procession.internal.socket.SocketSpec;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;

/**
 * The code of a manager's process.
 *
 * @param ready is told where it serves
 */
record Serve(Connection ready) implements SerializableRunnable {
  @Serial private static final long serialVersionUID = 1L;

  private static final Duration HANDSHAKE = Duration.ofSeconds(10);
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  @Override
  public void perform() throws IOException, InterruptedException {
    try (Server server = Server.open(Server.privateAddress(), spec(), true)) {
      ready.send(Places.of(server.address()));
      ready.close();
      boolean _ = server.await(FOREVER);
    }
  }

  /** Among processes of a program. */
  static SocketSpec spec() {
    return new SocketSpec(ProgramKey.get(), HANDSHAKE, Long.MAX_VALUE, null, null, false);
  }
}
