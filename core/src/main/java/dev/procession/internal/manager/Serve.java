package dev.procession.internal.manager;

import dev.procession.function.SerializableRunnable;
import dev.procession.internal.channel.TravellingEnd;
import dev.procession.internal.launch.ProgramKey;
import dev.procession.internal.socket.SocketSpec;
import java.io.Serial;
import java.time.Duration;

/**
 * The code of a manager's process.
 *
 * @param first end of a pipe to who has started it, which need not show that it has the key
 * @param initializer runs before it serves
 */
record Serve(TravellingEnd first, SerializableRunnable initializer)
    implements SerializableRunnable {
  @Serial private static final long serialVersionUID = 1L;

  private static final Duration HANDSHAKE = Duration.ofSeconds(10);
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  @Override
  @SuppressWarnings("InterruptedExceptionSwallowed") // the process ends with it
  public void perform() throws Exception {
    initializer.perform();
    try (Server server = Server.open(Server.privateAddress(), spec(), new Sweeper())) {
      server.begin(first.end());
      boolean _ = server.await(FOREVER);
    }
  }

  /** Among processes of a program. */
  static SocketSpec spec() {
    return new SocketSpec(ProgramKey.get(), HANDSHAKE, Long.MAX_VALUE, null, null, false);
  }
}
