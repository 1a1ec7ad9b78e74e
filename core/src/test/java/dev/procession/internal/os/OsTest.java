package dev.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every platform promises, and what Linux adds. */
class OsTest {
  static Stream<Os> platforms() {
    return Stream.of(new LinuxOs(), new PortableOs());
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void startTime_sameProcess_isAlwaysTheSame(Os os) {
    long pid = ProcessHandle.current().pid();

    assertThat(os.startTime(pid)).isNotEqualTo(Os.NO_PROCESS).isEqualTo(os.startTime(pid));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void startTime_processThatHasEnded_isNone(Os os) throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();

    assertThat(os.startTime(process.pid())).isEqualTo(Os.NO_PROCESS);
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void segmentFolders_areThere(Os os) {
    assertThat(os.segmentFolders()).isNotEmpty().allMatch(Files::isDirectory);
  }

  @Test
  void choose_namedOrByPlatform() {
    assertThat(Os.choose("", "Linux").name()).isEqualTo("linux");
    assertThat(Os.choose("", "Mac OS X").name()).isEqualTo("portable");
    assertThat(Os.choose("portable", "Linux").name()).isEqualTo("portable");
    assertThatThrownBy(() -> Os.choose("beos", "Linux"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beos");
  }

  @Test
  void makePipe_onLinux_isAPipeForThisUserOnly(@TempDir Path folder) throws IOException {
    Path pipe = folder.resolve("a pipe");

    assertThat(new LinuxOs().makePipe(pipe)).isTrue();

    assertThat(Files.getPosixFilePermissions(pipe)).hasSize(2);
    assertThat(Files.readAttributes(pipe, java.nio.file.attribute.BasicFileAttributes.class))
        .matches(attributes -> attributes.isOther());
  }

  @Test
  void signalName_knowsTheUsualOnes() {
    assertThat(new LinuxOs().signalName(9)).isEqualTo("KILL");
    assertThat(new LinuxOs().signalName(11)).isEqualTo("SEGV");
    assertThat(new LinuxOs().signalName(60)).isEqualTo("60");
  }

  @Test
  void peakMemory_ofThisJvm_isPlausible() {
    long peak = new LinuxOs().peakMemory(ProcessHandle.current().pid());

    assertThat(peak).isBetween(10L << 20, 64L << 30);
  }
}
