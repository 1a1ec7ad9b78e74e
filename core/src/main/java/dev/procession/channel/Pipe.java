package dev.procession.channel;

import dev.procession.internal.channel.PipeEnd;
import dev.procession.internal.channel.SharedPipe;

/**
 * Two connected ends: what is sent at one is received at the other.
 *
 * {@snippet :
 * var pipe = Pipe.open();
 * var mine = pipe.first();
 * var yours = pipe.second();
 * var child = ChildProcess.start(() -> yours.send(yours.receive(String.class).toUpperCase()));
 * yours.close(); // the child's is now the only one, and when that is gone the stream ends
 * mine.send("hello world");
 * IO.println(mine.receive());
 * }
 *
 * <p>The ends travel, each on its own; a pipe does not: a process that got both would hold the end
 * whose closing it waits for.
 */
public final class Pipe implements AutoCloseable {
  private final Connection first;
  private final Connection second;

  private Pipe(Connection first, Connection second) {
    this.first = first;
    this.second = second;
  }

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

  /**
   * Returns one end.
   *
   * @return of a one-way pipe, the one that receives
   */
  public Connection first() {
    return first;
  }

  /**
   * Returns the other end.
   *
   * @return of a one-way pipe, the one that sends
   */
  public Connection second() {
    return second;
  }

  /** Closes both ends here. Idempotent. */
  @Override
  public void close() {
    first.close();
    second.close();
  }
}
