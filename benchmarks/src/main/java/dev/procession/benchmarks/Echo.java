package dev.procession.benchmarks;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Another JVM that sends back each number, with the JDK alone: through the pipes of a {@link
 * ProcessBuilder}, or a Unix-domain socket. It ends when it can hear no more.
 */
public final class Echo implements AutoCloseable {
  private final InputStream input;
  private final OutputStream output;
  private final Closeable connection;

  private Echo(InputStream input, OutputStream output, Closeable connection) {
    this.input = input;
    this.output = output;
    this.connection = connection;
  }

  static Echo throughPipes() throws IOException {
    Process process = start();
    return new Echo(process.getInputStream(), process.getOutputStream(), process.getOutputStream());
  }

  static Echo throughSocket(Path path) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Process _ = start(path.toString());
      SocketChannel channel = server.accept();
      return new Echo(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    }
  }

  private static Process start(String... arguments) throws IOException {
    return Jvm.of(List.of(), Echo.class, arguments)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Is the other JVM. */
  public static void main(String[] path) throws IOException {
    if (path.length == 0) {
      echo(System.in, System.out);
    } else {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path[0]))) {
        echo(Channels.newInputStream(channel), Channels.newOutputStream(channel));
      }
    }
  }

  private static void echo(InputStream input, OutputStream output) throws IOException {
    byte[] number = new byte[Integer.BYTES];
    while (input.readNBytes(number, 0, number.length) == number.length) {
      output.write(number);
      output.flush();
    }
  }

  /** Nanoseconds of one there and back. */
  double measure(int trips) throws IOException {
    DataOutputStream numbers = new DataOutputStream(output);
    DataInputStream answers = new DataInputStream(input);
    long begin = System.nanoTime();
    for (int i = 0; i < trips; i++) {
      numbers.writeInt(i);
      numbers.flush();
      if (answers.readInt() != i) {
        throw new IOException("another answer");
      }
    }
    return (double) (System.nanoTime() - begin) / trips;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
