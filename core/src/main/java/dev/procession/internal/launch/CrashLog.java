package dev.procession.internal.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file that a JVM writes when it crashes: {@code hs_err_pidPID.log} in its working directory,
 * or in the temporary folder where that cannot be written, or what {@code -XX:ErrorFile} says.
 *
 * @param path of the file
 * @param summary what it says of the crash, some lines; may be empty
 */
public record CrashLog(Path path, String summary) {
  private static final String OPTION = "-XX:ErrorFile=";

  /** What the file begins with, where the summary is. */
  private static final int MOST_BYTES = 4096;

  /**
   * That of a JVM that has ended, or null if it has written none.
   *
   * @param sinceMillis when it was started: an older file is of another process that had the pid
   */
  static @Nullable CrashLog of(LaunchSpec spec, long pid, long sinceMillis) {
    String name = "hs_err_pid" + pid + ".log";
    Path directory = spec.directory() == null ? Path.of("") : spec.directory();
    for (String option : spec.jvmOptions()) {
      if (option.startsWith(OPTION)) {
        String file = option.substring(OPTION.length()).replace("%p", String.valueOf(pid));
        return read(directory.resolve(file), sinceMillis);
      }
    }
    CrashLog log = read(directory.resolve(name), sinceMillis);
    return log != null
        ? log
        : read(Path.of(System.getProperty("java.io.tmpdir")).resolve(name), sinceMillis);
  }

  /** Whether the JVM says that it had no memory: none of the system's, or in its heap. */
  public boolean isOutOfMemory() {
    return summary
        .lines()
        .anyMatch(
            line ->
                line.startsWith("Native memory allocation")
                    || line.startsWith("Out of Memory")
                    || line.contains("OutOfMemory encountered"));
  }

  private static @Nullable CrashLog read(Path file, long sinceMillis) {
    try {
      if (!Files.isRegularFile(file)
          || Files.getLastModifiedTime(file).toMillis() / 1000 < sinceMillis / 1000) {
        return null;
      }
    } catch (IOException e) {
      return null; // removed meanwhile
    }
    try (var in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      List<String> said =
          head.lines()
              .takeWhile(line -> line.startsWith("#"))
              .map(line -> line.substring(1).strip())
              .filter(CrashLog::isOfTheCrash)
              .toList();
      return new CrashLog(file.toAbsolutePath(), String.join("\n", said));
    } catch (IOException e) {
      return new CrashLog(file.toAbsolutePath(), "");
    }
  }

  /** Not the version of the JVM, nor what to do with the file. */
  private static boolean isOfTheCrash(String line) {
    return line.startsWith("SIG")
        || line.startsWith("EXCEPTION_")
        || line.startsWith("C  [")
        || line.startsWith("J ")
        || line.startsWith("j ")
        || line.startsWith("V  [")
        || line.startsWith("v  ~")
        || line.startsWith("Native memory allocation")
        || line.startsWith("Internal Error")
        || line.startsWith("fatal error: OutOfMemory")
        || line.startsWith("Out of Memory");
  }
}
