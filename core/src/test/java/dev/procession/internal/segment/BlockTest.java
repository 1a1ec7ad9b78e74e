package dev.procession.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blocks: taken, filled, attached, freed, taken again. */
class BlockTest {
  @AfterEach
  void trim() {
    Block.keepNone();
  }

  @Test
  void attach_seesWhatTheCreatorWrote() throws IOException {
    Block block = Block.take(100_000);
    block.data().set(ValueLayout.JAVA_BYTE, 99_999, (byte) 7);

    Block attached = Block.attach(block.path());

    assertThat(attached.capacity()).isEqualTo(block.capacity()).isGreaterThanOrEqualTo(100_000);
    assertThat(attached.data().get(ValueLayout.JAVA_BYTE, 99_999)).isEqualTo((byte) 7);
    attached.free();
  }

  @Test
  void take_afterTheReceiverHasFreed_isTheSameBlock() throws IOException {
    Block first = Block.take(70_000);
    Block second = Block.take(70_000);
    assertThat(second).isNotSameAs(first);

    Block.attach(first.path()).free();

    assertThat(Block.take(80_000)).isSameAs(first);
    first.free();
    second.free();
  }

  @Test
  void take_muchSmaller_doesNotOccupyALargeBlock() throws IOException {
    Block large = Block.take(8 << 20);
    large.free();

    Block small = Block.take(1_000);

    assertThat(small).isNotSameAs(large);
    small.free();
  }

  @Test
  void keepNone_deletesFreeBlocksOnly() throws IOException {
    Block used = Block.take(1_000);
    Block free = Block.take(1_000);
    free.free();

    Block.keepNone();

    assertThat(used.path()).exists();
    assertThat(free.path()).doesNotExist();
    used.free();
  }

  @Test
  void attach_pathThatIsNoBlocks_isRefused() throws IOException {
    assertThat(Block.attach(Path.of("/etc/passwd"))).isNull();
    Path link = SegmentFolder.create("link", file -> {});
    assertThat(Block.attach(link)).isNull();
    Files.delete(link);
    Block block = Block.take(1);
    Path gone = block.path();
    block.free();
    Block.keepNone();
    assertThatThrownBy(() -> Block.attach(gone)).isInstanceOf(IOException.class);
    assertThat(gone).doesNotExist();
  }

  @Test
  void free_whenNoneIsKept_deletesAtOnceUntilTheNextIsTaken() throws IOException {
    Block late = Block.take(1_000);
    Block.keepNone();
    assertThat(late.path()).exists();
    late.free();
    assertThat(late.path()).doesNotExist();

    Block next = Block.take(1_000);
    next.free();
    assertThat(next.path()).exists();
  }
}
