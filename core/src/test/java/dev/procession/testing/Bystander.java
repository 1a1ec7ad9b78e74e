package dev.procession.testing;

import java.io.IOException;
import java.nio.file.Path;

/** A JVM below this one, which does nothing until its standard input ends. */
final class Bystander {
  private Bystander() {}

  /** The program. */
  public static void main(String[] args) throws IOException {
    System.out.write('!');
    System.out.flush();
    int ignored = System.in.read();
  }

  /** Starts one, and waits until it is up. */
  static Process start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Bystander.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.getInputStream().read() != '!') {
      throw new IOException("the program did not start");
    }
    return process;
  }
}
