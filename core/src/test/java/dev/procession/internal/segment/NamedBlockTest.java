package dev.procession.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.os.Os;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Blocks under names that do not say who has made them, and their sweeping. */
class NamedBlockTest {
  private static final Path FOLDER = SegmentFolder.ofNames();

  private final Path path = FOLDER.resolve("block-test-" + UUID.randomUUID());

  /** The first name of a block, as a process has left it that is dead. */
  private static Path leftover(long number) throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    String scope = Os.current().pidScope();
    return FOLDER.resolve(
        new SegmentName(process.pid(), 12345, scope, number, NamedBlock.KIND).fileName());
  }

  @Test
  void sweep_creatorIsDead_deletesBothNames() throws Exception {
    Path owned = Files.createFile(leftover(1));
    Files.createLink(path, owned);

    SegmentFolder.sweep();

    assertThat(owned).doesNotExist();
    assertThat(path).doesNotExist();
  }

  @Test
  void sweep_nameIsAnothersByNow_leavesIt() throws Exception {
    Path owned = Files.createFile(leftover(2));
    Files.createFile(path);
    try {
      SegmentFolder.sweep();

      assertThat(owned).doesNotExist();
      assertThat(path).exists();
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void sweep_somethingCannotBeDeleted_goesOnWithTheRest() throws Exception {
    Path stubborn = leftover(3);
    Files.createDirectories(stubborn.resolve("inside"));
    Path first = Files.createFile(leftover(4));
    Path second = Files.createFile(leftover(5));
    Path third = Files.createFile(leftover(6));
    try {
      SegmentFolder.sweep();

      assertThat(first).doesNotExist();
      assertThat(second).doesNotExist();
      assertThat(third).doesNotExist();
    } finally {
      Files.delete(stubborn.resolve("inside"));
      Files.delete(stubborn);
    }
  }

  @Test
  void unlink_nameIsAnothersByNow_leavesIt() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      NamedBlock block = NamedBlock.create(String.valueOf(path.getFileName()), 8, arena);
      Files.delete(path);
      Files.createFile(path);
      block.unlink();

      assertThat(path).exists();
      assertThat(block.owned()).doesNotExist();
    } finally {
      Files.delete(path);
    }
  }
}
