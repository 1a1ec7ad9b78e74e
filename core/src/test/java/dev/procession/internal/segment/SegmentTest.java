package dev.procession.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.internal.os.Os;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Segments, their names and their sweeping. */
class SegmentTest {
  @Test
  void attach_twice_seesTheSameBytes() throws IOException {
    Path path = Segment.createFile("test", new byte[] {1, 2}, 4096);
    try (Segment one = Segment.attach(path);
        Segment other = Segment.attach(path)) {
      one.unlink();

      one.bytes().putLongRelease(8, 42);

      assertThat(other.bytes().getLongAcquire(8)).isEqualTo(42);
      assertThat(other.bytes().getInt(0)).isEqualTo(0x0201);
      assertThat(other.bytes().size()).isEqualTo(4096);
      assertThat(path).doesNotExist();
    }
  }

  @Test
  void bytes_afterClose_throw() throws IOException {
    Segment segment = Segment.attach(Segment.createFile("test", new byte[0], 64));
    segment.unlink();
    segment.close();
    segment.close();

    assertThatThrownBy(() -> segment.bytes().getInt(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.bytes().putInt(0, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void bytes_outOfRange_throw() {
    SharedBytes bytes = SharedBytes.local(16);

    assertThatThrownBy(() -> bytes.getLong(9)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> bytes.putInt(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void createFile_isForThisUserOnlyAndAllocated() throws IOException {
    Path path = Segment.createFile("test", new byte[0], 100_000);
    try {
      assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
      assertThat(Files.getAttribute(path, "unix:nlink")).isEqualTo(1);
      assertThat(path).hasSize(100_000);
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void name_survivesItsFileName() {
    SegmentName name = SegmentName.next("link");

    assertThat(SegmentName.parse(name.fileName())).isEqualTo(name);
    assertThat(name.isAbandoned()).isFalse();
    assertThat(SegmentName.parse("procession-1-2.link")).isNull();
    assertThat(SegmentName.parse("procession-a-b-c-d.link")).isNull();
    assertThat(SegmentName.parse("something")).isNull();
  }

  @Test
  void sweep_leftoversOfADeadProcess_deletesThemAndNothingElse() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    String scope = Os.current().pidScope();
    Path dead = leave(new SegmentName(process.pid(), 12345, scope, 1, "link"));
    long me = ProcessHandle.current().pid();
    Path reused = leave(new SegmentName(me, 1, scope, 1, "link"));
    Path alive = leave(new SegmentName(me, Os.current().startTime(me), scope, 999, "link"));
    Path elsewhere = leave(new SegmentName(process.pid(), 12345, "4711", 1, "link"));
    Path strange = SegmentFolder.folders().getFirst().resolve("procession-notes-" + me);
    Files.createFile(strange);
    try {
      SegmentFolder.sweep();

      assertThat(dead).doesNotExist();
      assertThat(reused).doesNotExist();
      assertThat(alive).exists();
      assertThat(elsewhere).exists();
      assertThat(strange).exists();
    } finally {
      Files.deleteIfExists(alive);
      Files.deleteIfExists(elsewhere);
      Files.deleteIfExists(strange);
    }
  }

  private static Path leave(SegmentName name) throws IOException {
    return Files.createFile(SegmentFolder.folders().getFirst().resolve(name.fileName()));
  }
}
