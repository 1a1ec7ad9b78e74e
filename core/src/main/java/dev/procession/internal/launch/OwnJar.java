package dev.procession.internal.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * Where this library's own classes are, for the class path of workers: its jar or folder; or, where
 * it is inside another jar, a copy of it that is made once per process.
 */
final class OwnJar {
  private OwnJar() {}

  static Path path() throws WorkerStartException {
    try {
      return Holder.get();
    } catch (IOException | URISyntaxException e) {
      throw new WorkerStartException("cannot find the jar of Procession itself", e);
    }
  }

  private static final class Holder {
    private static volatile Path path = Path.of("");

    static Path get() throws IOException, URISyntaxException, WorkerStartException {
      if (path.toString().isEmpty()) {
        synchronized (Holder.class) {
          if (path.toString().isEmpty()) {
            path = find();
          }
        }
      }
      return path;
    }

    private static Path find() throws IOException, URISyntaxException, WorkerStartException {
      CodeSource source = OwnJar.class.getProtectionDomain().getCodeSource();
      if (source == null) {
        throw new WorkerStartException(
            "the class loader of Procession does not say where its classes are: loader="
                + OwnJar.class.getClassLoader(),
            null);
      }
      URL location = source.getLocation();
      if (location.getProtocol().equals("file")) {
        return Path.of(location.toURI()).toAbsolutePath();
      }
      return copy(location);
    }

    /** A jar within a jar: its URL is one of the loader's own kind, but it can be read. */
    private static Path copy(URL location) throws IOException, URISyntaxException {
      String text = location.toString();
      URI inner = new URI(text.endsWith("!/") ? text.substring(0, text.length() - 2) : text);
      Path copy = Files.createTempFile("procession-library-", ".jar");
      copy.toFile().deleteOnExit();
      try (InputStream jar = inner.toURL().openStream()) {
        Files.write(copy, jar.readAllBytes());
      }
      return copy;
    }
  }
}
