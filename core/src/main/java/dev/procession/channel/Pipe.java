package dev.procession.channel;

import dev.procession.internal.channel.PipeEnd;
import dev.procession.internal.channel.SharedPipe;
import java.io.Serializable;

/**
 * Two connected ends: what is sent at one is received at the other.
 *
 * {@snippet :
 * var pipe = Pipe.open();
 * var child = ChildProcess.start(() -> {
 *   try (var mine = pipe.second()) {
 *     mine.send(mine.receive(String.class).toUpperCase());
 *   }
 * });
 * pipe.second().close(); // so that the end of the child is the end of the stream here
 * pipe.first().send("hello world");
 * IO.println(pipe.first().receive());
 * }
 *
 * @param first one end; of a one-way pipe, the one that receives
 * @param second the other end; of a one-way pipe, the one that sends
 */
public record Pipe(Connection first, Connection second) implements AutoCloseable, Serializable {
  /**
   * Opens a pipe whose ends both send and receive.
   *
   * @return the pipe
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static Pipe open() {
    return open(true);
  }

  /**
   * Opens a pipe whose first end receives what the second sends.
   *
   * @return the pipe
   * @throws java.io.UncheckedIOException if there is no room for shared memory
   */
  public static Pipe openOneWay() {
    return open(false);
  }

  private static Pipe open(boolean duplex) {
    SharedPipe pipe = SharedPipe.create(duplex);
    return new Pipe(new Connection(new PipeEnd(pipe, 0)), new Connection(new PipeEnd(pipe, 1)));
  }

  /** Closes both ends here. Idempotent. */
  @Override
  public void close() {
    first.close();
    second.close();
  }
}
