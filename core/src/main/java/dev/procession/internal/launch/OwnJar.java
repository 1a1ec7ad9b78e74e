package dev.procession.internal.launch;

import dev.procession.internal.segment.SharedFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * Where this library's own classes are, for the class path of workers: its jar or folder; or, where
 * it is inside another jar, a copy of it that is made once per process.
 */
final class OwnJar {
  private static final String KIND = "jar";

  private OwnJar() {}

  static Path path() throws WorkerStartException {
    try {
      return Holder.get();
    } catch (IOException | URISyntaxException e) {
      throw new WorkerStartException("cannot find the jar of Procession itself", e);
    }
  }

  /** Whether {@link #path} is a file that only this process knows. */
  static boolean isCopy() throws WorkerStartException {
    return SharedFile.isOurs(path(), KIND);
  }

  private static final class Holder {
    private static final String SEPARATOR = "!/";
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
      URI jar = new URI(jarItself(source.getLocation().toString()));
      return jar.getScheme().equals("file") ? Path.of(jar).toAbsolutePath() : copy(jar);
    }

    /**
     * The URL of a jar, out of the URL of its content. Of a jar within a jar that is one of the
     * loader's own kind, or the URL of an entry: {@code jar:nested:/app.jar/!lib/this.jar!/}, or
     * {@code jar:file:/app.jar!/lib/this.jar!/}.
     */
    private static String jarItself(String location) {
      if (!location.startsWith("jar:") || !location.endsWith(SEPARATOR)) {
        return location;
      }
      String jar = location.substring(0, location.length() - SEPARATOR.length());
      return jar.contains(SEPARATOR) ? jar : jar.substring("jar:".length());
    }

    /** A file with this process's pid, so that it is swept if this process is killed. */
    private static Path copy(URI inner) throws IOException {
      Path copy = SharedFile.create(KIND);
      copy.toFile().deleteOnExit();
      try (InputStream jar = inner.toURL().openStream()) {
        Files.write(copy, jar.readAllBytes());
      }
      return copy;
    }
  }
}
