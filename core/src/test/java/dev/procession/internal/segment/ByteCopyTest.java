package dev.procession.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class ByteCopyTest {
  private static final int MOST_BYTES = 200;

  private static final List<IntFunction<MemorySegment>> KINDS =
      List.of(
          size -> MemorySegment.ofArray(new byte[size]),
          size -> MemorySegment.ofArray(new long[size / Long.BYTES + 1]).asSlice(0, size),
          size -> MemorySegment.ofBuffer(ByteBuffer.allocate(size)),
          size -> Arena.ofAuto().allocate(size));

  /** So often that what copies is compiled, and compiled again as other lengths come. */
  @Test
  void copy_ofAnyLengthBetweenAnyKinds_copiesEveryByteAndNoOther() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int longest = 1 + random.nextInt(MOST_BYTES);
      for (int i = 0; i < 500; i++) {
        int count = random.nextInt(longest + 1);
        int fromOffset = random.nextInt(20);
        int toOffset = random.nextInt(20);
        byte[] content = new byte[fromOffset + count + 1];
        random.nextBytes(content);
        MemorySegment from = KINDS.get(random.nextInt(KINDS.size())).apply(content.length);
        MemorySegment to = KINDS.get(random.nextInt(KINDS.size())).apply(toOffset + count + 1);
        MemorySegment.copy(content, 0, from, ValueLayout.JAVA_BYTE, 0, content.length);

        ByteCopy.copy(from, fromOffset, to, toOffset, count);

        byte[] expected = new byte[toOffset + count + 1];
        System.arraycopy(content, fromOffset, expected, toOffset, count);
        assertThat(Arrays.equals(to.toArray(ValueLayout.JAVA_BYTE), expected))
            .as("count=%s from=%s to=%s", count, from, to)
            .isTrue();
      }
    }
  }

  @Test
  void copy_whereBothOverlap_isAsIfThroughMemoryOfItsOwn() {
    for (int count : new int[] {10, 60, 150}) {
      byte[] bytes = new byte[MOST_BYTES];
      new Random(count).nextBytes(bytes);
      byte[] expected = bytes.clone();
      System.arraycopy(expected, 3, expected, 11, count);

      MemorySegment memory = MemorySegment.ofArray(bytes);
      ByteCopy.copy(memory, 3, memory, 11, count);

      assertThat(bytes).isEqualTo(expected);
    }
  }

  @Test
  void copy_whereOneIsTooShort_copiesNothing() {
    byte[] target = new byte[8];
    MemorySegment to = MemorySegment.ofArray(target);

    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> ByteCopy.copy(MemorySegment.ofArray(new byte[] {1, 2, 3}), 1, to, 0, 3));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> ByteCopy.copy(MemorySegment.ofArray(new byte[] {1, 2, 3}), 0, to, 6, 3));
    assertThat(target).containsOnly(0);
  }

  @Test
  void copy_ofAWholeSegment_leavesTheRest() {
    byte[] target = {9, 9, 9, 9};

    ByteCopy.copy(MemorySegment.ofArray(new byte[] {1, 2, 3}), MemorySegment.ofArray(target));

    assertThat(target).containsExactly(1, 2, 3, 9);
  }
}
