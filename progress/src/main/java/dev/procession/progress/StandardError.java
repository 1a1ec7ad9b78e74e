package dev.procession.progress;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Standard error of this process itself, whatever {@link System#err} was replaced with. */
final class StandardError {
  /** On Linux, a link to the file that it is: {@code /dev/pts/3}, {@code /dev/tty1}. */
  private static final Path LINK = Path.of("/proc/self/fd/2");

  private StandardError() {}

  static boolean isTerminal() {
    try {
      String file = Files.readSymbolicLink(LINK).toString();
      return file.startsWith("/dev/pts/")
          || file.startsWith("/dev/tty")
          || file.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return hasConsole(); // another system, or standard error is closed
    }
  }

  private static boolean hasConsole() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  static PrintStream stream() {
    String encoding = System.getProperty("stderr.encoding");
    Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
    return new PrintStream(new FileOutputStream(FileDescriptor.err), false, charset);
  }
}
